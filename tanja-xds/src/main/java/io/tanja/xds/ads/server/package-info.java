/** The control plane's end of delta ADS: streams, subscriptions and what each proxy has accepted. */
@NullMarked
package io.tanja.xds.ads.server;

import org.jspecify.annotations.NullMarked;
