/** Who a workload is: trust domains and SPIFFE identities. */
@NullMarked
package io.tanja.model.identity;

import org.jspecify.annotations.NullMarked;
