/** Asks a cluster's API server: objects, the pods of a workload, a program in a container. */
@NullMarked
package io.tanja.diagnose.cluster;

import org.jspecify.annotations.NullMarked;
