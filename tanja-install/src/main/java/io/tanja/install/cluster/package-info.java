/** Putting the objects on a cluster, waiting for them, and taking all of it away. */
@NullMarked
package io.tanja.install.cluster;

import org.jspecify.annotations.NullMarked;
