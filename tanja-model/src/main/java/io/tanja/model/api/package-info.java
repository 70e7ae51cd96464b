/** The objects that a user writes, of Kubernetes and of the mesh, as immutable records. */
@NullMarked
package io.tanja.model.api;

import org.jspecify.annotations.NullMarked;
