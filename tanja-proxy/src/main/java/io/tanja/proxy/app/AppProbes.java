package io.tanja.proxy.app;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.tanja.model.identity.Quote;
import io.tanja.proxy.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the probes that injection moved to the proxy, in the form of Istio's {@code ISTIO_KUBE_APP_PROBERS}
 * ({@code pkg/kube/inject/app_probe.go}): by path, such as {@code /app-health/web/readyz}, the probe as it was. A probe's
 * {@code host} is not looked at: the application is in this pod.
 */
public final class AppProbes {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    /** A hook has no timeout of its own: the kubelet ends it with the pod's grace period. */
    private static final Duration HOOK_TIMEOUT = Duration.ofHours(1);

    private static final String HEX = "0123456789ABCDEF";
    private static final Set<String> HEALTH = Set.of("livez", "readyz", "startupz");
    private static final Set<String> LIFECYCLE = Set.of("prestopz", "poststartz");

    private AppProbes() {}

    /**
     * Reads the variable.
     *
     * @param ownPort the port that serves the probes, which none of them may lead to
     * @return the probes by path
     * @throws SettingsException naming the entry and the field
     */
    public static Map<String, AppProbe> read(String json, int ownPort) throws SettingsException {
        Fields all = Fields.parse(json);
        Map<String, AppProbe> probes = new LinkedHashMap<>();
        for (String path : all.members().keySet()) {
            String name = "\"" + Quote.printable(path) + "\"";
            if (!isProbePath(path)) {
                throw new SettingsException(name
                        + ": expected /app-health/CONTAINER/livez, readyz or startupz, or /app-lifecycle/CONTAINER/prestopz"
                        + " or poststartz");
            }
            AppProbe probe =
                    probe(all.entry(path, name), path.startsWith("/app-lifecycle/") ? HOOK_TIMEOUT : DEFAULT_TIMEOUT);
            if (probe.port() == ownPort) {
                throw new SettingsException(
                        name + ": port " + ownPort + " is the one that serves the probes, so it would ask itself");
            }
            probes.put(path, probe);
        }
        return Map.copyOf(probes);
    }

    private static boolean isProbePath(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length != 4 || !parts[0].isEmpty() || !isContainer(parts[2])) {
            return false;
        }
        return parts[1].equals("app-health") && HEALTH.contains(parts[3])
                || parts[1].equals("app-lifecycle") && LIFECYCLE.contains(parts[3]);
    }

    /** A DNS label (RFC 1123), which is what Kubernetes takes for a container's name. */
    private static boolean isContainer(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-');
    }

    private static AppProbe probe(Fields entry, Duration otherwise) throws SettingsException {
        Duration timeout = Duration.ofSeconds(entry.seconds("timeoutSeconds", (int) otherwise.toSeconds()));
        boolean http = entry.has("httpGet");
        boolean tcp = entry.has("tcpSocket");
        boolean grpc = entry.has("grpc");
        if ((http ? 1 : 0) + (tcp ? 1 : 0) + (grpc ? 1 : 0) != 1) {
            throw new SettingsException(entry.at() + ": expected exactly one of httpGet, tcpSocket and grpc");
        }
        if (http) {
            return httpGet(entry.object("httpGet"), timeout);
        }
        if (tcp) {
            return new AppProbe.TcpSocket(entry.object("tcpSocket").port("port"), timeout);
        }
        Fields health = entry.object("grpc");
        return new AppProbe.Grpc(health.port("port"), health.text("service", ""), timeout);
    }

    private static AppProbe httpGet(Fields get, Duration timeout) throws SettingsException {
        String scheme = get.text("scheme", "HTTP");
        if (!scheme.equals("HTTP") && !scheme.equals("HTTPS")) {
            throw get.wrong("scheme", "\"" + Quote.printable(scheme) + "\" is neither HTTP nor HTTPS");
        }
        String path = get.text("path", "/");
        String target = encode(path.startsWith("/") ? path : "/" + path);
        return new AppProbe.HttpGet(get.port("port"), target, scheme.equals("HTTPS"), headers(get), timeout);
    }

    private static List<AppProbe.Field> headers(Fields get) throws SettingsException {
        List<AppProbe.Field> headers = new ArrayList<>();
        for (Json element : get.list("httpHeaders")) {
            Fields header = get.element("httpHeaders", headers.size(), element);
            String name = header.text("name", "");
            String value = header.text("value", "");
            if (HttpHeaderValidationUtil.validateToken(name) >= 0 || name.isEmpty()) {
                throw header.wrong("name", "\"" + Quote.printable(name) + "\" is not the name of a header field");
            }
            if (HttpHeaderValidationUtil.validateValidHeaderValue(value) >= 0) {
                throw header.wrong("value", "\"" + Quote.printable(value) + "\" has a control character");
            }
            headers.add(new AppProbe.Field(name, value));
        }
        return headers;
    }

    /** Encodes what a request line cannot hold; what is encoded already stays as it is. */
    static String encode(String path) {
        int fragment = path.indexOf('#');
        String whole = fragment < 0 ? path : path.substring(0, fragment);
        StringBuilder out = new StringBuilder(whole.length());
        for (byte b : whole.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append((char) c);
            }
        }
        return out.toString();
    }
}
