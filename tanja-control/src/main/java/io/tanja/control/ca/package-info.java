/** Who a caller is, and the certificate it gets: the certificate authority as a gRPC service. */
@NullMarked
package io.tanja.control.ca;

import org.jspecify.annotations.NullMarked;
