/** What the proxy knows of the mesh: subscriptions to the control plane, published as immutable views. */
@NullMarked
package io.tanja.proxy.config;

import org.jspecify.annotations.NullMarked;
