/** The Kubernetes API as a source: the objects that the mesh reads, always whole, never older than what was seen before. */
@NullMarked
package io.tanja.control.source.kubernetes;

import org.jspecify.annotations.NullMarked;
