/** The {@code tanja lab} commands. */
@NullMarked
package io.tanja.lab.command;

import org.jspecify.annotations.NullMarked;
