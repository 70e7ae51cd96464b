/** What the first bytes of a connection are, found out without consuming them. */
@NullMarked
package io.tanja.proxy.detect;

import org.jspecify.annotations.NullMarked;
