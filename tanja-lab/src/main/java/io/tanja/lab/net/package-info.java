/** The lab's network: addresses, the node's bridge, one namespace per pod, service addresses balanced by nftables. */
@NullMarked
package io.tanja.lab.net;

import org.jspecify.annotations.NullMarked;
