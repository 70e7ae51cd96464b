package io.tanja.control;

import io.tanja.control.inject.InjectionSettings;
import io.tanja.control.state.MeshOptions;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.TrustDomain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the command line. Used by one thread, once. */
public final class ControlFlags {
    /** What {@code --help} prints. */
    public static final String USAGE = """
            tanja control: the control plane, on a Kubernetes cluster or from a folder of manifests.

              --source NAME          kubernetes or folder (folder)
              --listen ADDR:PORT     where to serve TLS (0.0.0.0:15012)
              --serving-name NAME    host name or IP address for the own certificate; may be repeated
              --trust-domain NAME    the mesh's trust domain (cluster.local)
              --root-namespace NAME  the system namespace: its policies are mesh-wide, and on Kubernetes the CA's
                                     Secrets and the Lease are there (tanja-system)
              --cluster ID           the cluster's id (Kubernetes)
              --status-file FILE     JSON status for people and the command line, replaced atomically
              --leaf-ttl TIME        life of workload certificates, such as 24h or 90m (24h)
              --print-status FILE    alone: print what the control plane that runs here has written, and end
              --without-module-config  the mesh is on although no ModuleConfig istio enables it
              --beside-deckhouse     the mesh is on although Deckhouse serves its own module istio

            With --source kubernetes:
              --kubeconfig FILE      how to reach the API server (the pod's service account, or $KUBECONFIG)
              --replica NAME         this replica's name in the Lease (the host name, which is the pod's)
              --probe-listen ADDR:PORT  where /livez and /readyz are answered, without TLS and without data (0.0.0.0:8080)
              --webhook-listen ADDR:PORT  where the API server's reviews are answered, by TLS (0.0.0.0:15017)
              --sidecar-image NAME   the image of sidecars (docker.io/tanja/tanja:0.1.0)
              --sidecar-shape NAME   native (an init container that stays), container, or auto: native from
                                     Kubernetes 1.33 on (auto)

            With --source folder:
              --manifests DIR        folder of *.yaml, *.yml and *.json, watched (required)
              --ca-dir DIR           a plugged-in CA (Istio's cacerts layout), or an empty folder in which a
                                     self-signed one is made and kept (required)
              --token-key FILE       public key of the issuer of service account tokens, PEM (required)
              --token-issuer NAME    what tokens name as their issuer (https://kubernetes.default.svc.cluster.local)

            Example: tanja control --source kubernetes --status-file /run/status.json
            Example: tanja control --manifests ./mesh --ca-dir ./ca --token-key ./issuer.pub --status-file ./status.json
            """;

    private static final Set<String> SWITCHES = Set.of("--without-module-config", "--beside-deckhouse");
    private static final Set<String> FOLDER = Set.of("--manifests", "--token-key", "--token-issuer", "--ca-dir");
    private static final Set<String> KUBERNETES = Set.of(
            "--kubeconfig", "--replica", "--probe-listen", "--webhook-listen", "--sidecar-image", "--sidecar-shape");
    private static final Set<String> COMMON = Set.of(
            "--source",
            "--listen",
            "--serving-name",
            "--trust-domain",
            "--root-namespace",
            "--cluster",
            "--status-file",
            "--leaf-ttl");

    private final Map<String, String> given = new HashMap<>();
    private final List<String> servingNames = new ArrayList<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ControlFlags() {}

    /**
     * Reads flags; {@code --flag value} and {@code --flag=value} are the same.
     *
     * @throws ConfigException with everything that is wrong with them
     */
    public static ControlOptions parse(String... args) throws ConfigException {
        ControlFlags flags = new ControlFlags();
        flags.collect(args);
        ControlOptions options = flags.options();
        if (options == null || !flags.problems.isEmpty()) {
            throw new ConfigException(flags.problems);
        }
        return options;
    }

    private void collect(String... args) {
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            String flag = equals < 0 ? args[i] : args[i].substring(0, equals);
            if (SWITCHES.contains(flag) && equals < 0) {
                given.put(flag, "true");
            } else if (!COMMON.contains(flag) && !FOLDER.contains(flag) && !KUBERNETES.contains(flag)) {
                problem(Quote.printable(flag), "is not a flag of tanja control", "see --help");
            } else if (equals >= 0) {
                put(flag, args[i].substring(equals + 1));
            } else if (i + 1 == args.length) {
                problem(flag, "has no value", "write " + flag + " VALUE");
            } else {
                put(flag, args[++i]);
            }
        }
    }

    private void put(String flag, String value) {
        if (flag.equals("--serving-name")) {
            servingNames.add(value);
        } else if (given.put(flag, value) != null) {
            problem(flag, "is given twice", "give it once");
        }
    }

    private @Nullable ControlOptions options() {
        SourceOptions source = source();
        InetSocketAddress listen = value("--listen", "0.0.0.0:15012", ControlFlags::address, "write ADDRESS:PORT");
        TrustDomain domain = value("--trust-domain", "cluster.local", TrustDomain::new, "write a domain name");
        Duration ttl = value("--leaf-ttl", "24h", ControlFlags::duration, "write a time such as 24h, 90m or 45s");
        String status = given.get("--status-file");
        if (source == null || listen == null || domain == null || ttl == null) {
            return null;
        }
        MeshOptions mesh = new MeshOptions(
                domain,
                given.getOrDefault("--root-namespace", MeshOptions.DEFAULT.rootNamespace()),
                given.getOrDefault("--cluster", MeshOptions.DEFAULT.cluster()),
                !given.containsKey("--without-module-config"),
                given.containsKey("--beside-deckhouse"));
        return new ControlOptions(source, listen, servingNames, mesh, status == null ? null : Path.of(status), ttl);
    }

    private @Nullable SourceOptions source() {
        String name = given.getOrDefault("--source", "folder");
        return switch (name) {
            case "folder" -> folder();
            case "kubernetes" -> kubernetes();
            default -> {
                problem("--source", "\"" + Quote.printable(name) + "\" is not a source", "write kubernetes or folder");
                yield null;
            }
        };
    }

    private @Nullable SourceOptions folder() {
        refuse(KUBERNETES, "belongs to --source kubernetes");
        Path manifests = required("--manifests");
        Path tokenKey = required("--token-key");
        Path caDir = required("--ca-dir");
        return manifests == null || tokenKey == null || caDir == null
                ? null
                : new SourceOptions.Folder(
                        manifests,
                        caDir,
                        tokenKey,
                        given.getOrDefault("--token-issuer", ControlOptions.DEFAULT_TOKEN_ISSUER));
    }

    private @Nullable SourceOptions kubernetes() {
        refuse(FOLDER, "belongs to --source folder");
        InetSocketAddress probes = value("--probe-listen", "0.0.0.0:8080", ControlFlags::address, "write ADDRESS:PORT");
        String replica = given.getOrDefault("--replica", hostName());
        if (replica.isEmpty()) {
            problem("--replica", "the host has no name", "add --replica NAME, unlike that of any other replica");
        }
        String kubeconfig = given.get("--kubeconfig");
        AdmissionOptions admission = admission();
        return probes == null || admission == null
                ? null
                : new SourceOptions.Kubernetes(
                        kubeconfig == null ? null : Path.of(kubeconfig), replica, probes, admission);
    }

    private @Nullable AdmissionOptions admission() {
        InetSocketAddress listen =
                value("--webhook-listen", "0.0.0.0:15017", ControlFlags::address, "write ADDRESS:PORT");
        AdmissionOptions.Shape shape =
                value("--sidecar-shape", "auto", ControlFlags::shape, "write native, container or auto");
        String image = given.getOrDefault("--sidecar-image", InjectionSettings.DEFAULT_IMAGE);
        if (image.isBlank()) {
            problem("--sidecar-image", "is empty", "name the image, or leave the flag out");
        }
        return listen == null || shape == null ? null : new AdmissionOptions(listen, image, shape);
    }

    private static AdmissionOptions.Shape shape(String text) {
        return switch (text) {
            case "auto" -> AdmissionOptions.Shape.AUTO;
            case "native" -> AdmissionOptions.Shape.NATIVE;
            case "container" -> AdmissionOptions.Shape.CONTAINER;
            default -> throw new IllegalArgumentException("there is no such shape");
        };
    }

    private void refuse(Set<String> flags, String message) {
        for (String flag : new TreeSet<>(flags)) {
            if (given.containsKey(flag)) {
                problem(flag, message, "remove it, or name the other source");
            }
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private @Nullable Path required(String flag) {
        String value = given.get(flag);
        if (value == null || value.isEmpty()) {
            problem(flag, "is missing", "add " + flag + " PATH");
            return null;
        }
        return Path.of(value);
    }

    private <T> @Nullable T value(String flag, String otherwise, Function<String, T> reader, String remedy) {
        String text = given.getOrDefault(flag, otherwise);
        try {
            return reader.apply(text);
        } catch (RuntimeException e) {
            problem(flag, "\"" + Quote.printable(text) + "\" is not valid: " + e.getMessage(), remedy);
            return null;
        }
    }

    private void problem(String flag, String message, String remedy) {
        problems.add(new ConfigProblem(flag, message, remedy));
    }

    /** An address literal, {@code [v6]:port} included; names are not looked up. */
    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("it has no port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(text.substring(colon + 1)));
    }

    private static Duration duration(String text) {
        Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("it is not positive");
        }
        return duration;
    }
}
