/** The two pages that a sidecar shows: readiness and metrics. Nothing else, and nothing secret. */
@NullMarked
package io.tanja.proxy.admin;

import org.jspecify.annotations.NullMarked;
