/** What a workload sends to the CA: its key pair and its certificate request. */
@NullMarked
package io.tanja.pki.csr;

import org.jspecify.annotations.NullMarked;
