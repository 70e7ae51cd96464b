/** Where a connection goes next: endpoint choice, connecting, pooling. */
@NullMarked
package io.tanja.proxy.upstream;

import org.jspecify.annotations.NullMarked;
