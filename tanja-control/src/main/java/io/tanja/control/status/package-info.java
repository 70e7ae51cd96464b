/** What the control plane tells about itself to people: a file that is replaced as a whole. */
@NullMarked
package io.tanja.control.status;

import org.jspecify.annotations.NullMarked;
