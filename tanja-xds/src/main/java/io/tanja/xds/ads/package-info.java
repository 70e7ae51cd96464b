/** The aggregated discovery service, delta form. */
@NullMarked
package io.tanja.xds.ads;

import org.jspecify.annotations.NullMarked;
