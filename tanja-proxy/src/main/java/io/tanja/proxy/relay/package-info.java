/** Bytes in both directions, with back-pressure and half-close. */
@NullMarked
package io.tanja.proxy.relay;

import org.jspecify.annotations.NullMarked;
