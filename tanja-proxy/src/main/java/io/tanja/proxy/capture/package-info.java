/** Where redirected connections arrive, and what their original destination was. */
@NullMarked
package io.tanja.proxy.capture;

import org.jspecify.annotations.NullMarked;
