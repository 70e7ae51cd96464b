/** Peers that we did not write: the real Envoy, configured as Istio configures a sidecar. */
@NullMarked
package io.tanja.lab.peer;

import org.jspecify.annotations.NullMarked;
