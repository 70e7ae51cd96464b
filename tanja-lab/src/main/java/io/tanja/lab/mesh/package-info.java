/** The mesh's own processes in the lab: the control plane on the node and the sidecars in the pods. */
@NullMarked
package io.tanja.lab.mesh;

import org.jspecify.annotations.NullMarked;
