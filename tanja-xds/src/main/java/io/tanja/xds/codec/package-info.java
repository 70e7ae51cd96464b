/** Turns the mesh's records into protobuf messages and back; whatever does not decode is named, resource and field. */
@NullMarked
package io.tanja.xds.codec;

import org.jspecify.annotations.NullMarked;
