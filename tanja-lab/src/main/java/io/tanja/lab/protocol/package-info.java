/** What the command line and the lab's daemon say to each other over a Unix socket. */
@NullMarked
package io.tanja.lab.protocol;

import org.jspecify.annotations.NullMarked;
