package io.tanja.lab.peer;

import io.tanja.model.identity.SpiffeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An Envoy bootstrap that does what Istio's sidecar does for mutual TLS, as plain data.
 *
 * <p>Follows Istio's {@code pilot/pkg/networking/core/filterchain_options.go} (inbound chains), {@code authn/utils/utils.go}
 * (TLS parameters) and {@code cluster_tls.go} (client side). What stock Envoy lacks (metadata exchange, Istio's stats and
 * ALPN filters) is left out; the ALPN that the filter would choose is set on the cluster.
 *
 * @param identity the sidecar's own identity
 * @param chainPem its certificate chain, leaf first
 * @param keyPem its private key
 * @param rootsPem the trusted roots
 * @param strict whether the inbound side takes mutual TLS only
 * @param http whether outbound connections are HTTP (else opaque TCP)
 * @param expected the identities that a destination may have
 * @param outboundMtls whether outbound connections use mutual TLS
 * @param extras filters that a production sidecar has: RBAC, and an access log to {@code accessLog} if that is given
 * @param accessLog file of the access log, or null
 */
public record EnvoySidecar(
        SpiffeId identity,
        String chainPem,
        String keyPem,
        String rootsPem,
        boolean strict,
        boolean http,
        List<SpiffeId> expected,
        boolean outboundMtls,
        boolean extras,
        @Nullable String accessLog) {
    private static final String TYPE = "@type";
    private static final String PREFIX = "type.googleapis.com/envoy.extensions.";
    private static final List<String> MESH_HTTP = List.of("istio-http/1.0", "istio-http/1.1", "istio-h2");
    private static final List<String> MESH_TCP = List.of("istio-peer-exchange", "istio");
    private static final List<String> TLS12_CIPHERS = List.of(
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
            "AES128-GCM-SHA256");

    /** The bootstrap as JSON. */
    public String json() {
        Map<String, Object> bootstrap = Map.of(
                "static_resources",
                Map.of(
                        "listeners", List.of(inboundListener(), outboundListener()),
                        "clusters", List.of(inboundCluster(), outboundCluster())));
        return JsonMapper.shared().writeValueAsString(bootstrap);
    }

    private Map<String, Object> inboundListener() {
        List<Object> chains = new ArrayList<>();
        chains.add(chain(
                Map.of("transport_protocol", "tls", "application_protocols", MESH_HTTP),
                httpFilter("inbound", true),
                serverTls(List.of("h2", "http/1.1"))));
        chains.add(chain(
                Map.of("transport_protocol", "tls", "application_protocols", MESH_TCP),
                tcpFilter("inbound", true),
                serverTls(List.of("istio-peer-exchange", "h2", "http/1.1"))));
        if (strict) {
            chains.add(chain(
                    Map.of("transport_protocol", "tls"),
                    tcpFilter("inbound", true),
                    serverTls(List.of("h2", "http/1.1"))));
        } else {
            chains.add(chain(
                    Map.of("transport_protocol", "raw_buffer", "application_protocols", List.of("http/1.1", "h2c")),
                    httpFilter("inbound", true),
                    null));
            chains.add(chain(Map.of("transport_protocol", "raw_buffer"), tcpFilter("inbound", true), null));
            chains.add(chain(Map.of("transport_protocol", "tls"), tcpFilter("inbound", true), null));
        }
        return Map.of(
                "name",
                "virtualInbound",
                "traffic_direction",
                "INBOUND",
                "address",
                socketAddress("0.0.0.0", 15006),
                "listener_filters",
                List.of(
                        named("envoy.filters.listener.original_dst", "filters.listener.original_dst.v3.OriginalDst"),
                        named("envoy.filters.listener.tls_inspector", "filters.listener.tls_inspector.v3.TlsInspector"),
                        named(
                                "envoy.filters.listener.http_inspector",
                                "filters.listener.http_inspector.v3.HttpInspector")),
                "filter_chains",
                chains);
    }

    private Map<String, Object> outboundListener() {
        return Map.of(
                "name", "virtualOutbound",
                "traffic_direction", "OUTBOUND",
                "address", socketAddress("0.0.0.0", 15001),
                "listener_filters",
                        List.of(named(
                                "envoy.filters.listener.original_dst", "filters.listener.original_dst.v3.OriginalDst")),
                "filter_chains",
                        List.of(chain(
                                Map.of(), http ? httpFilter("outbound", false) : tcpFilter("outbound", false), null)));
    }

    private static Map<String, Object> inboundCluster() {
        return Map.of(
                "name", "inbound",
                "type", "ORIGINAL_DST",
                "lb_policy", "CLUSTER_PROVIDED",
                "connect_timeout", "10s",
                // Without this source address the redirect rules would send the connection back to the inbound port.
                "upstream_bind_config", Map.of("source_address", Map.of("address", "127.0.0.6", "port_value", 0)));
    }

    private Map<String, Object> outboundCluster() {
        Map<String, Object> plain = Map.of(
                "name", "outbound", "type", "ORIGINAL_DST", "lb_policy", "CLUSTER_PROVIDED", "connect_timeout", "10s");
        if (!outboundMtls) {
            return plain;
        }
        List<String> alpn = http ? List.of("istio-http/1.1", "istio", "http/1.1") : MESH_TCP;
        List<Object> sans = new ArrayList<>();
        for (SpiffeId id : expected) {
            sans.add(Map.of("san_type", "URI", "matcher", Map.of("exact", id.uri())));
        }
        Map<String, Object> context = Map.of(
                TYPE,
                PREFIX + "transport_sockets.tls.v3.UpstreamTlsContext",
                "sni",
                "outbound_.80_._.peer.test.svc.cluster.local",
                "common_tls_context",
                common(alpn, Map.of("match_typed_subject_alt_names", sans)));
        Map<String, Object> cluster = new LinkedHashMap<>(plain);
        cluster.put("transport_socket", Map.of("name", "envoy.transport_sockets.tls", "typed_config", context));
        return cluster;
    }

    private Map<String, Object> serverTls(List<String> alpn) {
        String prefix = "spiffe://" + identity.trustDomain().name() + "/";
        Map<String, Object> validation = Map.of(
                "match_typed_subject_alt_names",
                List.of(Map.of("san_type", "URI", "matcher", Map.of("prefix", prefix))));
        Map<String, Object> context = Map.of(
                TYPE,
                PREFIX + "transport_sockets.tls.v3.DownstreamTlsContext",
                "require_client_certificate",
                true,
                "common_tls_context",
                common(alpn, validation));
        return Map.of("name", "envoy.transport_sockets.tls", "typed_config", context);
    }

    private Map<String, Object> common(List<String> alpn, Map<String, Object> validation) {
        Map<String, Object> withRoots = new LinkedHashMap<>(validation);
        withRoots.put("trusted_ca", Map.of("inline_string", rootsPem));
        return Map.of(
                "alpn_protocols",
                alpn,
                "tls_params",
                Map.of(
                        "tls_minimum_protocol_version", "TLSv1_2",
                        "tls_maximum_protocol_version", "TLSv1_3",
                        "cipher_suites", TLS12_CIPHERS),
                "tls_certificates",
                List.of(Map.of(
                        "certificate_chain", Map.of("inline_string", chainPem),
                        "private_key", Map.of("inline_string", keyPem))),
                "validation_context",
                withRoots);
    }

    private Map<String, Object> httpFilter(String cluster, boolean inbound) {
        Map<String, Object> manager = new LinkedHashMap<>();
        manager.put(TYPE, PREFIX + "filters.network.http_connection_manager.v3.HttpConnectionManager");
        manager.put("stat_prefix", cluster);
        manager.put("server_name", inbound ? "istio-envoy" : "envoy");
        manager.put("use_remote_address", false);
        manager.put("generate_request_id", true);
        if (inbound) {
            manager.put("forward_client_cert_details", "APPEND_FORWARD");
            manager.put("set_current_client_cert_details", Map.of("subject", true, "uri", true, "dns", true));
        }
        manager.put("upgrade_configs", List.of(Map.of("upgrade_type", "websocket")));
        manager.put(
                "route_config",
                Map.of(
                        "virtual_hosts",
                        List.of(Map.of(
                                "name",
                                cluster,
                                "domains",
                                List.of("*"),
                                "routes",
                                List.of(Map.of(
                                        "match", Map.of("prefix", "/"),
                                        "route", Map.of("cluster", cluster, "timeout", "0s")))))));
        List<Object> filters = new ArrayList<>();
        if (extras && inbound) {
            filters.add(rbac());
        }
        filters.add(named("envoy.filters.http.router", "filters.http.router.v3.Router"));
        manager.put("http_filters", filters);
        if (accessLog != null) {
            manager.put(
                    "access_log",
                    List.of(Map.of(
                            "name",
                            "envoy.access_loggers.file",
                            "typed_config",
                            Map.of(TYPE, PREFIX + "access_loggers.file.v3.FileAccessLog", "path", accessLog))));
        }
        return Map.of("name", "envoy.filters.network.http_connection_manager", "typed_config", manager);
    }

    /** An ALLOW policy on identity, method and path, as an ordinary AuthorizationPolicy becomes one. */
    private Map<String, Object> rbac() {
        Map<String, Object> anyMesh = Map.of(
                "authenticated",
                Map.of(
                        "principal_name",
                        Map.of("prefix", "spiffe://" + identity.trustDomain().name() + "/")));
        Map<String, Object> anyPath = Map.of("url_path", Map.of("path", Map.of("prefix", "/")));
        Map<String, Object> policy = Map.of("permissions", List.of(anyPath), "principals", List.of(anyMesh));
        return Map.of(
                "name",
                "envoy.filters.http.rbac",
                "typed_config",
                Map.of(
                        TYPE,
                        PREFIX + "filters.http.rbac.v3.RBAC",
                        "rules",
                        Map.of("action", "ALLOW", "policies", Map.of("ns[test]-policy[mesh]-rule[0]", policy))));
    }

    private Map<String, Object> tcpFilter(String cluster, boolean inbound) {
        return Map.of(
                "name",
                "envoy.filters.network.tcp_proxy",
                "typed_config",
                Map.of(
                        TYPE,
                        PREFIX + "filters.network.tcp_proxy.v3.TcpProxy",
                        "stat_prefix",
                        cluster + (inbound ? "_tcp" : ""),
                        "cluster",
                        cluster));
    }

    private static Map<String, Object> chain(
            Map<String, Object> match, Map<String, Object> filter, @Nullable Map<String, Object> transport) {
        Map<String, Object> chain = new LinkedHashMap<>();
        if (!match.isEmpty()) {
            chain.put("filter_chain_match", match);
        }
        chain.put("filters", List.of(filter));
        if (transport != null) {
            chain.put("transport_socket", transport);
        }
        return chain;
    }

    private static Map<String, Object> named(String name, String type) {
        return Map.of("name", name, "typed_config", Map.of(TYPE, PREFIX + type));
    }

    private static Map<String, Object> socketAddress(String address, int port) {
        return Map.of("socket_address", Map.of("address", address, "port_value", port));
    }
}
