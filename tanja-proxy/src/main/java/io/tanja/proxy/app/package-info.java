/**
 * What is asked of the application on behalf of those who have no identity: the kubelet's probes and Prometheus' scrape
 * (Istio's {@code pilot-agent}, {@code status/server.go}). Where to and what is fixed by the pod's settings.
 */
@NullMarked
package io.tanja.proxy.app;

import org.jspecify.annotations.NullMarked;
