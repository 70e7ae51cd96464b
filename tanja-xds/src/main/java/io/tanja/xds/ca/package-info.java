/** The proxy's end of the certificate call, {@code istio.v1.auth.IstioCertificateService}. */
@NullMarked
package io.tanja.xds.ca;

import org.jspecify.annotations.NullMarked;
