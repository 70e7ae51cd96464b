/** Brings each new state to the proxies, and tells how far each of them is. */
@NullMarked
package io.tanja.control.push;

import org.jspecify.annotations.NullMarked;
