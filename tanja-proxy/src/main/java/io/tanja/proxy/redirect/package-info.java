/** The nftables rules that send a pod's traffic through its sidecar. */
@NullMarked
package io.tanja.proxy.redirect;

import org.jspecify.annotations.NullMarked;
