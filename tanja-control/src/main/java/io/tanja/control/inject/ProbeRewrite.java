package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import io.tanja.model.identity.Quote;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the kubelet's questions to the application by way of the proxy: the kubelet has no certificate, so that a port that
 * takes mesh TLS only would turn it away. The proxy asks the original question, which it finds in
 * {@code ISTIO_KUBE_APP_PROBERS}, in the form of Istio's agent ({@code pkg/kube/inject/app_probe.go}). Used for one pod.
 */
final class ProbeRewrite {
    /** The proxy's variable with the original probes, as JSON. */
    static final String VARIABLE = "ISTIO_KUBE_APP_PROBERS";

    private static final int MAX_PORT = 65_535;

    private final String object;
    private final List<Problem> problems;
    private final Map<String, Map<String, Object>> originals = new LinkedHashMap<>();

    /**
     * Begins with a pod.
     *
     * @param object the pod for messages
     * @param problems gets what cannot be rewritten
     */
    ProbeRewrite(String object, List<Problem> problems) {
        this.object = object;
        this.problems = problems;
    }

    /** The original probes so far, by the path under which the proxy is asked for them. */
    Map<String, Map<String, Object>> originals() {
        return originals;
    }

    /** The containers with their probes and hooks rewritten; of init containers those that stay. */
    List<Container> containers(String field, List<Container> containers, boolean init) {
        List<Container> all = new ArrayList<>();
        for (int i = 0; i < containers.size(); i++) {
            Container container = containers.get(i);
            all.add(init && !PodParts.stays(container) ? container : container(field + "[" + i + "]", container));
        }
        return all;
    }

    private Container container(String field, Container container) {
        String health = "/app-health/" + container.getName() + "/";
        Probe readiness = probe(field + ".readinessProbe", container, container.getReadinessProbe(), health + "readyz");
        Probe liveness = probe(field + ".livenessProbe", container, container.getLivenessProbe(), health + "livez");
        Probe startup = probe(field + ".startupProbe", container, container.getStartupProbe(), health + "startupz");
        ContainerBuilder next = new ContainerBuilder(container)
                .withReadinessProbe(readiness)
                .withLivenessProbe(liveness)
                .withStartupProbe(startup);
        Lifecycle lifecycle = container.getLifecycle();
        if (lifecycle != null) {
            String hooks = "/app-lifecycle/" + container.getName() + "/";
            next.editLifecycle()
                    .withPostStart(hook(
                            field + ".lifecycle.postStart", container, lifecycle.getPostStart(), hooks + "poststartz"))
                    .withPreStop(
                            hook(field + ".lifecycle.preStop", container, lifecycle.getPreStop(), hooks + "prestopz"))
                    .endLifecycle();
        }
        return next.build();
    }

    private @Nullable Probe probe(String field, Container container, @Nullable Probe probe, String path) {
        if (probe == null) {
            return null;
        }
        Map<String, Object> original = action(field, container, probe);
        if (original == null) {
            return probe;
        }
        if (probe.getTimeoutSeconds() != null) {
            original.put("timeoutSeconds", probe.getTimeoutSeconds());
        }
        originals.put(path, original);
        return new ProbeBuilder(probe)
                .withGrpc(null)
                .withTcpSocket(null)
                .withHttpGet(asked(path))
                .build();
    }

    /** The kubelet cannot call TCP or gRPC in hooks, only HTTP. */
    private @Nullable LifecycleHandler hook(
            String field, Container container, @Nullable LifecycleHandler hook, String path) {
        HTTPGetAction get = hook == null ? null : hook.getHttpGet();
        Map<String, Object> original = get == null ? null : http(field + ".httpGet", container, get);
        if (hook == null || original == null) {
            return hook;
        }
        originals.put(path, original);
        return hook.toBuilder().withHttpGet(asked(path)).build();
    }

    private @Nullable Map<String, Object> action(String field, Container container, Probe probe) {
        if (probe.getHttpGet() != null) {
            return http(field + ".httpGet", container, probe.getHttpGet());
        }
        if (probe.getTcpSocket() != null) {
            return tcp(field + ".tcpSocket", container, probe.getTcpSocket());
        }
        return probe.getGrpc() == null ? null : grpc(field + ".grpc", container, probe.getGrpc());
    }

    private @Nullable Map<String, Object> grpc(String field, Container container, GRPCAction grpc) {
        Integer port = port(field + ".port", container, new IntOrString(grpc.getPort()));
        if (port == null || port == SidecarNames.PROBES_PORT) {
            return null;
        }
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("port", port);
        if (grpc.getService() != null) {
            action.put("service", grpc.getService());
        }
        return original("grpc", action);
    }

    private @Nullable Map<String, Object> http(String field, Container container, HTTPGetAction get) {
        Integer port = port(field + ".port", container, get.getPort());
        // With a host it is not this pod that is asked.
        if (port == null || port == SidecarNames.PROBES_PORT || given(get.getHost())) {
            return null;
        }
        Map<String, Object> action = new LinkedHashMap<>();
        if (get.getPath() != null) {
            action.put("path", get.getPath());
        }
        action.put("port", port);
        if (get.getScheme() != null) {
            if (!get.getScheme().equals("HTTP") && !get.getScheme().equals("HTTPS")) {
                wrong(field + ".scheme", get.getScheme(), "is neither HTTP nor HTTPS", "write one of them");
            }
            action.put("scheme", get.getScheme());
        }
        List<Map<String, Object>> headers = new ArrayList<>();
        PodParts.list(get.getHttpHeaders()).forEach(header -> {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("name", header.getName());
            each.put("value", header.getValue() == null ? "" : header.getValue());
            headers.add(each);
        });
        if (!headers.isEmpty()) {
            action.put("httpHeaders", headers);
        }
        return original("httpGet", action);
    }

    private @Nullable Map<String, Object> tcp(String field, Container container, TCPSocketAction tcp) {
        Integer port = port(field + ".port", container, tcp.getPort());
        if (port == null || port == SidecarNames.PROBES_PORT || given(tcp.getHost())) {
            return null;
        }
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("port", port);
        return original("tcpSocket", action);
    }

    /** The number; what the API server would refuse is refused here, since it sees the rewritten probe only. */
    private @Nullable Integer port(String field, Container container, @Nullable IntOrString port) {
        String name = port == null || port.getStrVal() == null ? "" : port.getStrVal();
        Integer number = port == null ? null : port.getIntVal();
        for (ContainerPort declared : PodParts.list(container.getPorts())) {
            if (number == null && name.equals(declared.getName())) {
                number = declared.getContainerPort();
            }
        }
        try {
            int found = number == null ? Integer.parseInt(name) : number;
            if (found >= 1 && found <= MAX_PORT) {
                return found;
            }
            name = String.valueOf(found);
        } catch (NumberFormatException e) {
            // Told below.
        }
        wrong(
                field,
                name,
                "is not a port of the container " + Quote.printable(String.valueOf(container.getName())),
                "name one of its ports, or write a number up to 65535");
        return null;
    }

    private void wrong(String field, String value, String message, String remedy) {
        String quoted = "\"" + Quote.printable(value) + "\" " + message;
        problems.add(new Problem(Problem.Severity.ERROR, "", 0, object, field, quoted, remedy));
    }

    private static boolean given(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private static Map<String, Object> original(String kind, Map<String, Object> action) {
        Map<String, Object> original = new LinkedHashMap<>();
        original.put(kind, action);
        return original;
    }

    private static HTTPGetAction asked(String path) {
        return new HTTPGetActionBuilder()
                .withPath(path)
                .withPort(new IntOrString(SidecarNames.PROBES_PORT))
                .withScheme("HTTP")
                .build();
    }
}
