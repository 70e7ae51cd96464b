/** The process' own log: lines of key=value on the standard error, without a logging library's weight. */
@NullMarked
package io.tanja.proxy.logging;

import org.jspecify.annotations.NullMarked;
