@NullMarked
package io.tanja.proxy;

import org.jspecify.annotations.NullMarked;
