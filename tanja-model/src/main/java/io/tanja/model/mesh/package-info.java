/** What a proxy knows of the mesh: services, workloads and its own configuration, as immutable records. */
@NullMarked
package io.tanja.model.mesh;

import org.jspecify.annotations.NullMarked;
