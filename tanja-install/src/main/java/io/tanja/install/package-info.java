/** How the mesh comes to a cluster: its image, its objects, and what puts them there and takes them away. */
@NullMarked
package io.tanja.install;

import org.jspecify.annotations.NullMarked;
