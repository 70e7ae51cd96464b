package io.tanja.proxy.launch;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.proxy.app.AppAddress;
import io.tanja.proxy.app.AppProbe;
import io.tanja.proxy.app.AppScrape;
import io.tanja.proxy.observe.AccessLogSettings;
import io.tanja.xds.codec.ResourceNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the process is told at its start. Environment variables have Istio's names, so that a pod made for Istio's sidecar
 * needs no other ones; a flag beats its variable.
 *
 * @param controlHost where the control plane is
 * @param controlPort its port
 * @param controlName the DNS name in its certificate
 * @param identity who the workload is
 * @param pod name of the pod
 * @param podIp its address, empty if not told
 * @param cluster id of the cluster
 * @param token file with the projected token; read at each use
 * @param rootCert file with the roots of the control plane's certificate
 * @param certificateTtl lifetime to ask for
 * @param bindAddress where the capture ports listen
 * @param inboundPort port that inbound connections are redirected to
 * @param outboundPort port that outbound connections are redirected to
 * @param readyPort port of the readiness page
 * @param statsPort port of the metrics page
 * @param mergedPort port of the application's probes and the merged metrics
 * @param app where the application is
 * @param probes the application's probes by path
 * @param scrape where the application's own metrics are, or null if nowhere
 * @param eventLoops threads of the data path
 * @param maxConnections how many captured connections may be open
 * @param maxSockets how many sockets the data path may have
 * @param maxIdle how many upstream connections each event loop may keep for later
 * @param http10 whether requests of HTTP/1.0 are served
 * @param socketMark firewall mark of upstream sockets, 0 for none
 * @param accessLog a file, {@code -} for the standard output, or null for none
 * @param accessLogFormat form of its lines
 * @param openSsl whether TLS is BoringSSL's; else it is the JDK's
 * @param drain how long open connections may go on after SIGTERM
 */
public record ProxyOptions(
        String controlHost,
        int controlPort,
        String controlName,
        SpiffeId identity,
        String pod,
        String podIp,
        String cluster,
        Path token,
        Path rootCert,
        Duration certificateTtl,
        String bindAddress,
        int inboundPort,
        int outboundPort,
        int readyPort,
        int statsPort,
        int mergedPort,
        AppAddress app,
        Map<String, AppProbe> probes,
        @Nullable AppScrape scrape,
        int eventLoops,
        int maxConnections,
        int maxSockets,
        int maxIdle,
        boolean http10,
        int socketMark,
        @Nullable String accessLog,
        AccessLogSettings.Format accessLogFormat,
        boolean openSsl,
        Duration drain) {
    private static final Map<String, String> FLAGS = flags();

    private static Map<String, String> flags() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("--control", "HOST:PORT of the control plane [CA_ADDR]");
        all.put("--control-name", "DNS name in the control plane's certificate; default: HOST");
        all.put("--trust-domain", "trust domain; default: cluster.local [TRUST_DOMAIN]");
        all.put("--pod", "name of the pod [POD_NAME]");
        all.put("--namespace", "its namespace [POD_NAMESPACE]");
        all.put("--service-account", "its service account; default: default [SERVICE_ACCOUNT]");
        all.put("--pod-ip", "its address [INSTANCE_IP]");
        all.put("--cluster", "id of the cluster; default: Kubernetes [ISTIO_META_CLUSTER_ID]");
        all.put("--token-file", "projected token; default: /var/run/secrets/tokens/istio-token");
        all.put("--root-cert-file", "control plane's roots; default: /var/run/secrets/istio/root-cert.pem");
        all.put("--certificate-ttl", "lifetime to ask for; default: 24h [SECRET_TTL]");
        all.put("--bind-address", "where the capture ports listen; default: ::");
        all.put("--inbound-port", "default: 15006");
        all.put("--outbound-port", "default: 15001");
        all.put("--ready-port", "readiness page; default: 15021");
        all.put("--stats-port", "metrics page; default: 15090");
        all.put("--merged-port", "application's probes, metrics of both; default: 15020");
        all.put("--app-probes", "the probes, Istio's JSON [ISTIO_KUBE_APP_PROBERS]");
        all.put("--app-metrics", "prometheus.io annotations, Istio's JSON [ISTIO_PROMETHEUS_ANNOTATIONS]");
        all.put("--event-loops", "threads of the data path; default: processors, 2 at most");
        all.put(
                "--max-connections",
                "captured connections open at a time; default and most: the files that may be open");
        all.put("--http10", "on or off: whether HTTP/1.0 is served, or answered 426; default: off");
        all.put("--socket-mark", "firewall mark of upstream sockets; default: 0, none");
        all.put("--access-log", "FILE, - for the standard output, or off; default: -");
        all.put("--access-log-format", "json or text (Istio's); default: json");
        all.put("--tls-provider", "openssl or jdk; default: openssl");
        all.put("--drain", "wait for open connections after SIGTERM; default: 5s");
        all.put("--log-level", "error, warn, info, debug or trace; default: info [TANJA_LOG_LEVEL]");
        return all;
    }

    /** One line for each flag, for {@code --help}. */
    public static String help() {
        StringBuilder text =
                new StringBuilder("The data plane: runs beside a workload and captures its connections.\n\n"
                        + "  tanja-proxy --control tanja-control.tanja-system.svc:15012 --pod web-1 --namespace shop\n\n"
                        + "Flags, and in brackets the environment variable that stands for one:\n");
        FLAGS.forEach((flag, meaning) -> text.append("  ")
                .append(flag)
                .append(" ".repeat(Math.max(1, 22 - flag.length())))
                .append(meaning)
                .append('\n'));
        text.append("\nAlone, as the hook of a container that others wait for:\n  ")
                .append(AwaitReady.FLAG)
                .append("         waits until the proxy beside this process is ready, 60s at most\n");
        return text.toString();
    }

    /** The log level that the arguments name, needed before anything is logged. */
    public static String logLevel(List<String> arguments, Map<String, String> environment) {
        return new Inputs(arguments, environment, FLAGS.keySet()).text("--log-level", "TANJA_LOG_LEVEL", "info");
    }

    /**
     * Reads flags and environment.
     *
     * @throws OptionsException if anything is wrong; it holds all problems
     */
    public static ProxyOptions read(List<String> arguments, Map<String, String> environment) throws OptionsException {
        Inputs in = new Inputs(arguments, environment, FLAGS.keySet());
        HostPort control = HostPort.read(in);
        String accessLog = in.text("--access-log", null, "-");
        String format = in.oneOf("--access-log-format", "json", List.of("json", "text"));
        String provider = in.oneOf("--tls-provider", "openssl", List.of("openssl", "jdk"));
        in.oneOf("--log-level", "info", List.of("error", "warn", "info", "debug", "trace"));
        String http10 = in.oneOf("--http10", "off", List.of("on", "off"));
        int mergedPort = in.number("--merged-port", 15020, 0, 65535);
        String podIp = in.text("--pod-ip", "INSTANCE_IP", "");
        int loops = in.number("--event-loops", Math.min(2, Runtime.getRuntime().availableProcessors()), 1, 64);
        FileBudget files = FileBudget.ofProcess(Path.of("/proc/self"), loops);
        ProxyOptions options = new ProxyOptions(
                control.host(),
                control.port(),
                in.text("--control-name", null, control.host()),
                identity(in),
                in.required("--pod", "POD_NAME", "the name of the pod"),
                podIp,
                in.text("--cluster", "ISTIO_META_CLUSTER_ID", "Kubernetes"),
                file(in, "--token-file", "/var/run/secrets/tokens/istio-token"),
                file(in, "--root-cert-file", "/var/run/secrets/istio/root-cert.pem"),
                in.duration("--certificate-ttl", "SECRET_TTL", Duration.ofHours(24)),
                in.text("--bind-address", null, "::"),
                in.number("--inbound-port", 15006, 0, 65535),
                in.number("--outbound-port", 15001, 0, 65535),
                in.number("--ready-port", 15021, 0, 65535),
                in.number("--stats-port", 15090, 0, 65535),
                mergedPort,
                AppInputs.address(in, podIp),
                AppInputs.probes(in, mergedPort),
                AppInputs.scrape(in, mergedPort),
                loops,
                in.number("--max-connections", files.sockets(), 1, files.sockets()),
                files.sockets(),
                files.idlePerLoop(),
                http10.equals("on"),
                in.number("--socket-mark", 0, 0, Integer.MAX_VALUE),
                accessLog.equals("off") ? null : accessLog,
                format.equals("json") ? AccessLogSettings.Format.JSON : AccessLogSettings.Format.TEXT,
                provider.equals("openssl"),
                in.duration("--drain", null, Duration.ofSeconds(5)));
        if (!in.problems().isEmpty()) {
            throw new OptionsException(in.problems());
        }
        return options;
    }

    private static SpiffeId identity(Inputs in) {
        String namespace = in.required("--namespace", "POD_NAMESPACE", "the pod's namespace");
        String account = in.text("--service-account", "SERVICE_ACCOUNT", "default");
        String domain = in.text("--trust-domain", "TRUST_DOMAIN", "cluster.local");
        try {
            return new SpiffeId(new TrustDomain(domain), namespace.isEmpty() ? "missing" : namespace, account);
        } catch (IllegalArgumentException e) {
            in.problem(
                    "--trust-domain, --namespace, --service-account",
                    String.valueOf(e.getMessage()),
                    "give the names of the pod");
            return new SpiffeId(TrustDomain.CLUSTER_LOCAL, "missing", "missing");
        }
    }

    private static Path file(Inputs in, String flag, String otherwise) {
        Path path = Path.of(in.text(flag, null, otherwise));
        if (!Files.isReadable(path)) {
            in.problem(flag, "cannot read " + path, "mount it, or name another file");
        }
        return path;
    }

    /** The uid of the workload. */
    public String uid() {
        return ResourceNames.pod(cluster, new NamespacedName(identity.namespace(), pod));
    }
}
