/** The seed document on a Kubernetes cluster: its commands as they stand, packets captured on the nodes and judged here. */
@NullMarked
package io.tanja.lab.cluster;

import org.jspecify.annotations.NullMarked;
