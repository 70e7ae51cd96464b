package io.tanja.lab.daemon;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Store;
import io.tanja.lab.object.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps as many pods per Deployment as it asks for, and replaces them when its template changes. A pod that fails is
 * kept and counted: the lab shows what happened, it does not reschedule. Used by the cluster's thread only.
 */
final class Deployments {
    private static final String HASH_LABEL = "pod-template-hash";
    // Kubernetes' alphabet for generated names: no vowels, so no words.
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX_LENGTH = 5;

    private final Store store;
    private final RandomGenerator random;

    Deployments(Store store, RandomGenerator random) {
        this.store = store;
        this.random = random;
    }

    /**
     * Brings the pods of every Deployment in line.
     *
     * @param create takes a new Pod object in
     * @param delete begins to remove a pod
     */
    void reconcile(Consumer<LabObject> create, Consumer<LabObject> delete) {
        for (LabObject deployment : store.list(Kind.DEPLOYMENT)) {
            reconcile(deployment, create, delete);
        }
        for (LabObject pod : store.list(Kind.POD)) {
            String owner = owner(pod);
            if (!owner.isEmpty()
                    && !store.has(new ObjectKey(Kind.DEPLOYMENT, pod.key().namespace(), owner))) {
                delete.accept(pod);
            }
        }
    }

    private void reconcile(LabObject deployment, Consumer<LabObject> create, Consumer<LabObject> delete) {
        JsonNode template = deployment.spec().path("template");
        String hash = hash(template);
        int wanted = Math.max(0, deployment.spec().path("replicas").asInt(1));
        List<LabObject> current = new ArrayList<>();
        List<LabObject> outdated = new ArrayList<>();
        for (LabObject pod : podsOf(deployment)) {
            (hash.equals(pod.labels().get(HASH_LABEL)) ? current : outdated).add(pod);
        }
        String account = template.path("spec").path("serviceAccountName").asString("default");
        boolean accountThere =
                store.has(new ObjectKey(Kind.SERVICE_ACCOUNT, deployment.key().namespace(), account));
        for (int i = current.size(); i < wanted && accountThere; i++) {
            LabObject pod = pod(deployment, template, hash);
            current.add(pod);
            create.accept(pod);
        }
        // Those that are not ready go first; among equals the youngest.
        current.sort(Comparator.comparing((LabObject pod) -> !PodObjects.isReady(pod)));
        while (current.size() > wanted) {
            delete.accept(current.removeLast());
        }
        long ready = current.stream().filter(PodObjects::isReady).count();
        if (ready >= wanted) {
            outdated.forEach(delete);
        }
        status(deployment, current.size(), ready, accountThere ? "" : account);
    }

    /** The pods of a Deployment that are not being deleted. */
    List<LabObject> podsOf(LabObject deployment) {
        return store.list(Kind.POD, deployment.key().namespace()).stream()
                .filter(pod -> owner(pod).equals(deployment.key().name()) && !PodObjects.isBeingDeleted(pod))
                .toList();
    }

    private void status(LabObject deployment, int pods, long ready, String missingAccount) {
        ObjectNode before = deployment.status().deepCopy();
        ObjectNode status = deployment.status();
        status.put(
                "observedGeneration", deployment.metadata().path("generation").asLong(1));
        status.put("replicas", pods);
        status.put("updatedReplicas", pods);
        status.put("readyReplicas", ready);
        status.put("availableReplicas", ready);
        status.remove("conditions");
        if (!missingAccount.isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "ReplicaFailure")
                    .put("status", "True")
                    .put("message", "there is no ServiceAccount \"" + missingAccount + "\" in this namespace");
        }
        if (!status.equals(before)) {
            store.put(deployment);
        }
    }

    private LabObject pod(LabObject deployment, JsonNode template, String hash) {
        String set = deployment.key().name() + "-" + hash;
        String name = set + "-" + suffix();
        ObjectNode tree = Yaml.JSON.createObjectNode();
        tree.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = tree.putObject("metadata");
        metadata.put("name", name).put("namespace", deployment.key().namespace());
        ObjectNode labels = metadata.putObject("labels");
        LabObject.texts(template.path("metadata").path("labels")).forEach(labels::put);
        labels.put(HASH_LABEL, hash);
        JsonNode annotations = template.path("metadata").path("annotations");
        if (annotations.isObject()) {
            metadata.set("annotations", annotations.deepCopy());
        }
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "ReplicaSet")
                .put("name", set)
                .put("controller", true);
        tree.set("spec", template.path("spec").deepCopy());
        return new LabObject(new ObjectKey(Kind.POD, deployment.key().namespace(), name), tree);
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return suffix.toString();
    }

    private static String hash(JsonNode template) {
        CRC32 crc = new CRC32();
        crc.update(template.toString().getBytes(StandardCharsets.UTF_8));
        StringBuilder hash = new StringBuilder();
        for (char digit : Long.toString(crc.getValue()).toCharArray()) {
            hash.append(ALPHABET.charAt(digit % ALPHABET.length()));
        }
        return hash.toString();
    }

    /** The name of the Deployment that owns a pod, through its ReplicaSet's name; empty if none does. */
    private static String owner(LabObject pod) {
        for (JsonNode owner : pod.metadata().path("ownerReferences")) {
            String name = owner.path("name").asString("");
            int dash = name.lastIndexOf('-');
            if (owner.path("kind").asString("").equals("ReplicaSet") && dash > 0) {
                return name.substring(0, dash);
            }
        }
        return "";
    }
}
