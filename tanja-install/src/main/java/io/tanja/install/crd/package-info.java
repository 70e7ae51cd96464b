/** Definitions of the mesh's own kinds, with the rules that Istio's API has. */
@NullMarked
package io.tanja.install.crd;

import org.jspecify.annotations.NullMarked;
