package io.tanja.proxy.upstream;

import io.tanja.model.mesh.Workload;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One place to connect to. Two equal upstreams may share pooled connections.
 *
 * @param address where to connect
 * @param bind the source address to use, or null for the system's choice (127.0.0.6 and ::6 towards the own application)
 * @param security how to protect the connection
 * @param workload who it is, if known; for logs and metrics
 * @param cluster Istio's name for it, such as {@code outbound|80||web.test.svc.cluster.local} or {@code inbound|80||}
 */
public record Upstream(
        InetSocketAddress address,
        @Nullable InetAddress bind,
        UpstreamSecurity security,
        @Nullable Workload workload,
        String cluster) {}
