/** The process that turns applied objects into running pods and answers the command line. */
@NullMarked
package io.tanja.lab.daemon;

import org.jspecify.annotations.NullMarked;
