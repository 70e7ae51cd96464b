/** A gRPC client over Netty's HTTP/2: what a proxy needs of gRPC, without grpc-java's start time and memory. */
@NullMarked
package io.tanja.xds.grpc;

import org.jspecify.annotations.NullMarked;
