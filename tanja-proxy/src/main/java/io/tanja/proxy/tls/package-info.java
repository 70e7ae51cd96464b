/** The two ends of mutual TLS: contexts from identity snapshots, handlers, and the names of failures. */
@NullMarked
package io.tanja.proxy.tls;

import org.jspecify.annotations.NullMarked;
