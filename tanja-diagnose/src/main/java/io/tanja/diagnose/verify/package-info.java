/** Proof on a cluster: tcpdump in a pod on the server's node writes down what crosses it, our reader judges the packets. */
@NullMarked
package io.tanja.diagnose.verify;

import org.jspecify.annotations.NullMarked;
