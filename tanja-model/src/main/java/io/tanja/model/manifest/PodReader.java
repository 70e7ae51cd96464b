package io.tanja.model.manifest;

import io.tanja.model.api.Container;
import io.tanja.model.api.ContainerPort;
import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.api.Pod;
import io.tanja.model.api.PodSpec;
import io.tanja.model.api.PodStatus;
import io.tanja.model.api.PodTemplate;
import io.tanja.model.authz.IpBlock;
import io.tanja.model.identity.Quote;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads pods and the templates of pods. */
final class PodReader {
    private PodReader() {}

    static Pod pod(Fields root, ObjectMeta meta, Origin origin) {
        return new Pod(meta, origin, MetaReader.owners(root), spec(root), status(root));
    }

    static PodTemplate template(Fields deploymentSpec) {
        Fields template = deploymentSpec.object("template");
        if (template == null) {
            deploymentSpec.error("template", "is missing", "add spec.template with the pods' labels and containers");
            return new PodTemplate(Map.of(), Map.of(), new PodSpec("default", false, List.of(), List.of()));
        }
        Fields meta = template.objectOrNone("metadata");
        return new PodTemplate(MetaReader.labels(meta, "labels"), meta.stringMap("annotations"), spec(template));
    }

    private static PodSpec spec(Fields parent) {
        Fields spec = parent.objectOrNone("spec");
        // The old name of the field, which the API server still copies.
        String account = spec.string("serviceAccountName", spec.string("serviceAccount", ""));
        if (!account.isEmpty() && !Names.isSubdomain(account)) {
            spec.error(
                    "serviceAccountName",
                    "\"" + Quote.printable(account) + "\" is not a Kubernetes name",
                    "name a ServiceAccount of the pod's namespace");
        }
        List<Container> containers = containers(spec, "containers");
        if (containers.isEmpty() && !parent.report().hasErrors()) {
            spec.error("containers", "a pod needs at least one container", "add one with name and image");
        }
        return new PodSpec(
                account.isEmpty() ? "default" : account,
                spec.bool("hostNetwork", false),
                containers(spec, "initContainers"),
                containers);
    }

    private static List<Container> containers(Fields spec, String field) {
        List<Container> containers = new ArrayList<>();
        for (Fields c : spec.objects(field)) {
            containers.add(new Container(
                    c.required("name", "give the container a name"),
                    c.string("image", ""),
                    c.strings("command"),
                    c.strings("args"),
                    ports(c),
                    env(c)));
        }
        return containers;
    }

    private static List<ContainerPort> ports(Fields container) {
        List<ContainerPort> ports = new ArrayList<>();
        for (Fields p : container.objects("ports")) {
            if (!p.has("containerPort")) {
                p.error("containerPort", "is missing", "write a number from 1 to 65535");
            }
            ports.add(new ContainerPort(
                    p.string("name", ""),
                    p.integer("containerPort", 0, 1, 65535),
                    p.oneOf("protocol", "TCP", "TCP", "UDP", "SCTP")));
        }
        return ports;
    }

    private static Map<String, String> env(Fields container) {
        Map<String, String> env = new LinkedHashMap<>();
        for (Fields e : container.objects("env")) {
            String name = e.required("name", "give the variable a name");
            if (e.has("valueFrom")) {
                e.warning("valueFrom", "only literal values are read, the variable is not set", "give it a value");
            } else {
                env.put(name, e.string("value", ""));
            }
        }
        return env;
    }

    private static PodStatus status(Fields root) {
        Fields status = root.objectOrNone("status");
        List<InetAddress> addresses = new ArrayList<>();
        for (Fields ip : status.objects("podIPs")) {
            addAddress(ip, "ip", addresses);
        }
        if (addresses.isEmpty()) {
            addAddress(status, "podIP", addresses);
        }
        boolean ready = false;
        for (Fields condition : status.objects("conditions")) {
            ready |= condition.string("type", "").equals("Ready")
                    && condition.string("status", "").equals("True");
        }
        return new PodStatus(status.string("phase", ""), addresses, ready && !MetaReader.beingDeleted(root));
    }

    static void addAddress(Fields fields, String name, List<InetAddress> addresses) {
        String text = fields.string(name, "");
        if (text.isEmpty()) {
            return;
        }
        try {
            addresses.add(IpBlock.address(text));
        } catch (IllegalArgumentException e) {
            fields.error(name, String.valueOf(e.getMessage()), "write an IPv4 or IPv6 address");
        }
    }
}
