/** A control plane for tests: a real TLS gRPC server that says what the test tells it to. */
@NullMarked
package io.tanja.xds.fake;

import org.jspecify.annotations.NullMarked;
