/** What a sidecar serves to the kubelet and Prometheus, who have no identity. Nothing secret. */
@NullMarked
package io.tanja.proxy.admin;

import org.jspecify.annotations.NullMarked;
