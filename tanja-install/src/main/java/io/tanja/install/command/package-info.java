/** The commands images, install, uninstall and chart. */
@NullMarked
package io.tanja.install.command;

import org.jspecify.annotations.NullMarked;
