package io.tanja.lab.daemon;

import io.tanja.lab.dns.Names;
import io.tanja.lab.net.VirtualService;
import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.Selector;
import io.tanja.lab.object.Store;
import io.tanja.lab.object.Yaml;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Works out from Services and ready Pods what virtual addresses and names mean. */
final class Endpoints {
    private Endpoints() {}

    /**
     * The result.
     *
     * @param services what the node balances
     * @param names what the name server answers
     */
    record View(List<VirtualService> services, Names names) {}

    static View of(Store store) {
        List<VirtualService> virtual = new ArrayList<>();
        Map<String, List<InetAddress>> names = new TreeMap<>();
        for (LabObject service : store.list(Kind.SERVICE)) {
            List<LabObject> ready = ready(store, service);
            List<InetAddress> addresses = clusterAddresses(service);
            if (addresses.isEmpty()) {
                for (LabObject pod : ready) {
                    names.computeIfAbsent(dnsKey(service), _ -> new ArrayList<>())
                            .addAll(PodObjects.addresses(pod));
                }
                names.putIfAbsent(dnsKey(service), List.of());
            } else {
                names.put(dnsKey(service), addresses);
            }
            for (JsonNode port : service.spec().path("ports")) {
                for (InetAddress address : addresses) {
                    virtual.add(virtual(address, port, ready));
                }
            }
        }
        return new View(virtual, new Names(names));
    }

    private static List<LabObject> ready(Store store, LabObject service) {
        Selector selector = new Selector(LabObject.texts(service.spec().path("selector")));
        if (selector.wanted().isEmpty()) {
            return List.of();
        }
        return store.list(Kind.POD, service.key().namespace()).stream()
                .filter(pod -> selector.matches(pod.labels()) && PodObjects.isReady(pod))
                .toList();
    }

    /** The service's virtual addresses; none if it is headless. */
    private static List<InetAddress> clusterAddresses(LabObject service) {
        List<String> texts = Yaml.strings(service.spec().path("clusterIPs"));
        if (texts.isEmpty()) {
            texts = List.of(service.spec().path("clusterIP").asString("None"));
        }
        return texts.stream()
                .filter(text -> !text.equals("None") && !text.isEmpty())
                .map(InetAddress::ofLiteral)
                .toList();
    }

    private static VirtualService virtual(InetAddress address, JsonNode port, List<LabObject> ready) {
        List<InetSocketAddress> endpoints = new ArrayList<>();
        for (LabObject pod : ready) {
            int target = targetPort(port, pod);
            for (InetAddress candidate : PodObjects.addresses(pod)) {
                if (target > 0 && candidate.getClass() == address.getClass()) {
                    endpoints.add(new InetSocketAddress(candidate, target));
                }
            }
        }
        boolean udp = port.path("protocol").asString("TCP").equals("UDP");
        return new VirtualService(address, port.path("port").asInt(0), udp, endpoints);
    }

    /** The pod's port behind a service's port; 0 if the pod has no port of that name. */
    private static int targetPort(JsonNode port, LabObject pod) {
        JsonNode target = port.path("targetPort");
        if (target.isInt() || target.isMissingNode()) {
            return target.asInt(port.path("port").asInt(0));
        }
        for (JsonNode container : pod.spec().path("containers")) {
            for (JsonNode declared : container.path("ports")) {
                if (declared.path("name").asString("").equals(target.asString(""))) {
                    return declared.path("containerPort").asInt(0);
                }
            }
        }
        return 0;
    }

    private static String dnsKey(LabObject service) {
        return service.key().name() + "." + service.key().namespace();
    }
}
