package io.tanja.lab.object;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.net.AddressText;
import io.tanja.lab.net.IndexPool;
import java.net.InetAddress;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes objects into the store as an API server does: checks what they refer to, completes them, keeps what only the
 * server knows. Used by the cluster's thread only.
 */
public final class Admission {
    private final Store store;
    private final AddressPlan plan;
    private final InstantSource clock;
    private final Supplier<UUID> uids;
    private final IndexPool serviceIndexes = new IndexPool();
    private final Map<ObjectKey, Integer> indexByService = new HashMap<>();
    private final Map<ObjectKey, ObjectNode> lastApplied = new HashMap<>();

    /** Admits into {@code store}. */
    public Admission(Store store, AddressPlan plan, InstantSource clock, Supplier<UUID> uids) {
        this.store = store;
        this.plan = plan;
        this.clock = clock;
        this.uids = uids;
    }

    /** What an apply did to an object. */
    public enum Change {
        /** It is new. */
        CREATED,
        /** It is different now. */
        CONFIGURED,
        /** It was like that already. */
        UNCHANGED
    }

    /**
     * Checks that a set of objects can be taken in.
     *
     * @param create whether none of them may be there already
     * @throws Rejected with all reasons if not
     */
    public void check(List<LabObject> objects, boolean create) throws Rejected {
        Set<ObjectKey> coming = new TreeSet<>();
        objects.forEach(object -> coming.add(object.key()));
        List<String> problems = new ArrayList<>();
        for (LabObject object : objects) {
            ObjectKey key = object.key();
            if (key.kind().namespaced() && !there(new ObjectKey(Kind.NAMESPACE, "", key.namespace()), coming)) {
                problems.add(key + ": namespace \"" + key.namespace()
                        + "\" does not exist; make it with: tanja lab create" + " namespace " + key.namespace());
            }
            LabObject current = store.get(key);
            if (create && current != null) {
                problems.add(key + " already exists; use apply to change it");
            } else if (key.kind() == Kind.POD && current != null && podChanged(current, object)) {
                problems.add(key + ": a pod's spec cannot be changed; delete it first");
            }
            if (key.kind() == Kind.POD) {
                String account = object.spec().path("serviceAccountName").asString("default");
                if (!account.equals("default")
                        && !there(new ObjectKey(Kind.SERVICE_ACCOUNT, key.namespace(), account), coming)) {
                    problems.add(key + ": spec.serviceAccountName: there is no ServiceAccount \"" + account + "\" in "
                            + key.namespace());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new Rejected(problems);
        }
    }

    /** Takes in one object that has passed {@link #check}. */
    public Change admit(LabObject incoming) {
        ObjectKey key = incoming.key();
        LabObject current = store.get(key);
        ObjectNode text = incoming.tree().deepCopy();
        if (current == null) {
            LabObject made = incoming.copy();
            complete(made);
            store.put(made);
            lastApplied.put(key, text);
            return Change.CREATED;
        }
        LabObject merged = Merge.merged(current, incoming, lastApplied.put(key, text));
        completeSpec(merged, current);
        if (merged.tree().equals(current.tree())) {
            return Change.UNCHANGED;
        }
        ObjectNode metadata = merged.metadata();
        metadata.put("generation", metadata.path("generation").asLong(1) + 1);
        store.put(merged);
        return Change.CONFIGURED;
    }

    /** Forgets what the server kept for an object that has been removed. */
    public void forget(ObjectKey key) {
        lastApplied.remove(key);
        Integer index = indexByService.remove(key);
        if (index != null) {
            serviceIndexes.free(index);
        }
    }

    /** Gives an object that the lab itself makes what the server adds to every object. */
    public void complete(LabObject object) {
        ObjectNode metadata = object.metadata();
        metadata.put("uid", uids.get().toString());
        metadata.put(
                "creationTimestamp",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.put("generation", 1);
        completeSpec(object, null);
    }

    private void completeSpec(LabObject object, @Nullable LabObject current) {
        switch (object.key().kind()) {
            case NAMESPACE -> {
                ObjectNode labels = object.metadata().withObjectProperty("labels");
                labels.put("kubernetes.io/metadata.name", object.key().name());
                object.status().put("phase", "Active");
            }
            case SERVICE -> service(object, current);
            case DEPLOYMENT -> {
                ObjectNode spec = object.tree().withObjectProperty("spec");
                if (!spec.has("replicas")) {
                    spec.put("replicas", 1);
                }
            }
            case POD,
                    SERVICE_ACCOUNT,
                    MODULE_CONFIG,
                    PEER_AUTHENTICATION,
                    AUTHORIZATION_POLICY,
                    REQUEST_AUTHENTICATION,
                    DESTINATION_RULE -> {}
        }
    }

    private void service(LabObject object, @Nullable LabObject current) {
        ObjectNode spec = object.tree().withObjectProperty("spec");
        for (JsonNode port : spec.path("ports")) {
            if (port instanceof ObjectNode each) {
                if (!each.has("protocol")) {
                    each.put("protocol", "TCP");
                }
                if (!each.has("targetPort")) {
                    each.set("targetPort", each.path("port"));
                }
            }
        }
        if (!spec.has("type")) {
            spec.put("type", "ClusterIP");
        }
        if (spec.has("clusterIP") || spec.has("clusterIPs")) {
            return;
        }
        if (current != null && current.spec().has("clusterIPs")) {
            for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
                spec.set(field, current.spec().path(field));
            }
            return;
        }
        int index = serviceIndexes.take();
        indexByService.put(object.key(), index);
        virtualAddresses(spec, plan.service(index));
    }

    /** One family unless the service asks for both, IPv4 unless it asks for IPv6, as a dual-stack cluster does. */
    private static void virtualAddresses(ObjectNode spec, List<InetAddress> available) {
        boolean both = spec.path("ipFamilyPolicy").asString("").endsWith("DualStack");
        boolean ipv6First = spec.path("ipFamilies").path(0).asString("").equals("IPv6");
        List<InetAddress> addresses = new ArrayList<>(available);
        if (ipv6First && available.size() > 1) {
            addresses = addresses.reversed();
        }
        if (!both) {
            addresses = addresses.subList(0, 1);
        }
        spec.put("clusterIP", AddressText.of(addresses.getFirst()));
        ArrayNode all = spec.putArray("clusterIPs");
        ArrayNode families = spec.putArray("ipFamilies");
        for (InetAddress address : addresses) {
            all.add(AddressText.of(address));
            families.add(address.getAddress().length == 4 ? "IPv4" : "IPv6");
        }
        if (!spec.has("ipFamilyPolicy")) {
            spec.put("ipFamilyPolicy", "SingleStack");
        }
    }

    private boolean there(ObjectKey key, Set<ObjectKey> coming) {
        return coming.contains(key) || store.has(key);
    }

    private boolean podChanged(LabObject current, LabObject incoming) {
        ObjectNode last = lastApplied.get(current.key());
        return last == null || !last.path("spec").equals(incoming.spec());
    }
}
