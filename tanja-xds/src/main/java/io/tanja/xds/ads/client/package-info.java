/** The proxy's end of delta ADS: subscriptions, versions, ACK and NACK, reconnecting without losing state. */
@NullMarked
package io.tanja.xds.ads.client;

import org.jspecify.annotations.NullMarked;
