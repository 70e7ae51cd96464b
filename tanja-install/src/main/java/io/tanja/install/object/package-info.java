/** The objects of an installation: the one truth for the command and for the chart. */
@NullMarked
package io.tanja.install.object;

import org.jspecify.annotations.NullMarked;
