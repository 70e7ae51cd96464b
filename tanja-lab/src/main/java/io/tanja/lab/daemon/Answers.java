package io.tanja.lab.daemon;

import io.tanja.lab.net.AddressText;
import io.tanja.lab.object.Admission;
import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.Manifests;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Rejected;
import io.tanja.lab.object.Selector;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.protocol.Request;
import io.tanja.lab.table.PodColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers requests that read or change objects. Runs on the cluster's thread. */
final class Answers {
    private final Cluster cluster;

    Answers(Cluster cluster) {
        this.cluster = cluster;
    }

    JsonNode apply(Request.Apply request) throws Rejected {
        Manifests read = Manifests.read(request.text(), request.source(), request.namespace());
        Admission admission = cluster.admission();
        admission.check(read.objects(), request.create());
        ObjectNode result = Yaml.JSON.createObjectNode();
        ArrayNode changes = result.putArray("changes");
        for (LabObject object : read.objects()) {
            String change = admission.admit(object).name().toLowerCase(Locale.ROOT);
            changes.addObject().put("object", object.key().display()).put("change", change);
        }
        read.warnings().forEach(result.putArray("warnings")::add);
        return result;
    }

    JsonNode delete(Request.Delete request) throws Rejected {
        if (request.names().isEmpty() && request.selector().isEmpty()) {
            throw new Rejected("nothing to delete: give names or a selector (-l)");
        }
        ArrayNode deleted = Yaml.JSON.createArrayNode();
        for (LabObject object : find(request.kind(), request.namespace(), request.names(), request.selector())) {
            cluster.remove(object);
            deleted.add(object.key().display());
        }
        return deleted;
    }

    JsonNode get(Request.Get request) throws Rejected {
        ArrayNode found = Yaml.JSON.createArrayNode();
        for (LabObject object : find(request.kind(), request.namespace(), request.names(), request.selector())) {
            found.add(object.copy().tree());
        }
        return found;
    }

    JsonNode label(Request.Label request) throws Rejected {
        LabObject object = one(kind(request.kind()), request.namespace(), request.name());
        ObjectNode labels = object.metadata().withObjectProperty("labels");
        for (Map.Entry<String, String> entry : request.set().entrySet()) {
            String before = labels.path(entry.getKey()).asString(entry.getValue());
            if (!request.overwrite() && !before.equals(entry.getValue())) {
                throw new Rejected(object.key() + ": label " + entry.getKey() + " is \"" + before
                        + "\" already; add --overwrite to change it");
            }
        }
        request.set().forEach(labels::put);
        request.remove().forEach(labels::remove);
        cluster.store().put(object);
        return Yaml.JSON.createObjectNode().put("object", object.key().display());
    }

    /** The pod that is meant, with what a client needs to enter it. */
    JsonNode locate(Request.Locate request) throws Rejected {
        LabObject pod = target(request.namespace(), request.target());
        ObjectNode found = Yaml.JSON.createObjectNode();
        found.put("namespace", pod.key().namespace()).put("pod", pod.key().name());
        found.put("anchor", cluster.anchor(pod.key()));
        ArrayNode containers = found.putArray("containers");
        pod.spec()
                .path("containers")
                .forEach(each -> containers.add(each.path("name").asString("")));
        ArrayNode addresses = found.putArray("addresses");
        PodObjects.addresses(pod).forEach(address -> addresses.add(AddressText.of(address)));
        return found;
    }

    /** The pod that a person means; of a Deployment or Service a ready one if there is any. */
    LabObject target(String namespace, String target) throws Rejected {
        int slash = target.indexOf('/');
        Kind kind = slash < 0 ? Kind.POD : kind(target.substring(0, slash));
        String name = target.substring(slash + 1);
        LabObject object = one(kind, namespace, name);
        List<LabObject> pods = switch (kind) {
            case POD -> List.of(object);
            case DEPLOYMENT -> cluster.deployments().podsOf(object);
            case SERVICE -> selected(object);
            case NAMESPACE,
                    SERVICE_ACCOUNT,
                    MODULE_CONFIG,
                    PEER_AUTHENTICATION,
                    AUTHORIZATION_POLICY,
                    REQUEST_AUTHENTICATION,
                    DESTINATION_RULE ->
                throw new Rejected("a " + kind.kind() + " has no pods; give a pod, deploy/NAME or service/NAME");
        };
        if (pods.isEmpty()) {
            throw new Rejected(object.key() + " has no pods; see tanja lab get pods -n " + namespace);
        }
        return pods.stream().filter(PodObjects::isReady).findFirst().orElse(pods.getFirst());
    }

    /** What is not ready yet of what a person waits for, one line each; empty when all is. */
    List<String> missing(Request.Await request) throws Rejected {
        List<String> missing = new ArrayList<>();
        if (!cluster.inLine()) {
            missing.add("the lab itself: names, service addresses or the control plane's folder are not up to date;"
                    + " see tanja lab logs lab");
        }
        if (!request.target().isEmpty()) {
            int slash = request.target().indexOf('/');
            Kind kind = slash < 0 ? Kind.POD : kind(request.target().substring(0, slash));
            LabObject object = one(kind, request.namespace(), request.target().substring(slash + 1));
            notReady(object, missing);
            return missing;
        }
        for (LabObject object : cluster.store().all()) {
            if (request.namespace().isEmpty() || object.key().namespace().equals(request.namespace())) {
                notReady(object, missing);
            }
        }
        return missing;
    }

    private void notReady(LabObject object, List<String> missing) {
        if (object.key().kind() == Kind.POD && !PodObjects.isReady(object)) {
            missing.add(object.key() + ": " + PodColumns.status(object.tree()) + PodColumns.message(object.tree()));
        } else if (object.key().kind() == Kind.DEPLOYMENT) {
            long wanted = object.spec().path("replicas").asLong(1);
            long pods = cluster.deployments().podsOf(object).stream()
                    .filter(PodObjects::isReady)
                    .count();
            if (pods < wanted) {
                String message = object.status()
                        .path("conditions")
                        .path(0)
                        .path("message")
                        .asString("");
                missing.add(object.key() + ": " + pods + " of " + wanted + " pods are ready"
                        + (message.isEmpty() ? "" : ": " + message));
            }
        }
    }

    private List<LabObject> find(String kindName, String namespace, List<String> names, String selectorText)
            throws Rejected {
        Kind kind = kind(kindName);
        List<LabObject> found = new ArrayList<>();
        for (String name : names) {
            found.add(one(kind, namespace, name));
        }
        if (names.isEmpty()) {
            Selector selector = selector(selectorText);
            for (LabObject object : cluster.store().list(kind)) {
                boolean here = namespace.isEmpty()
                        || !kind.namespaced()
                        || object.key().namespace().equals(namespace);
                if (here && selector.matches(object.labels())) {
                    found.add(object);
                }
            }
        }
        return found;
    }

    private LabObject one(Kind kind, String namespace, String name) throws Rejected {
        ObjectKey key = new ObjectKey(kind, kind.namespaced() ? namespace : "", name);
        LabObject object = cluster.store().get(key);
        if (object == null) {
            throw new Rejected("there is no " + key + "; see tanja lab get " + kind.plural()
                    + (kind.namespaced() ? " --all-namespaces" : ""));
        }
        return object;
    }

    private List<LabObject> selected(LabObject service) {
        Selector selector = new Selector(LabObject.texts(service.spec().path("selector")));
        return cluster.store().list(Kind.POD, service.key().namespace()).stream()
                .filter(pod -> !selector.wanted().isEmpty() && selector.matches(pod.labels()))
                .toList();
    }

    private static Kind kind(String name) throws Rejected {
        return Kind.named(name).orElseThrow(() -> {
            List<String> known = new ArrayList<>();
            for (Kind each : Kind.values()) {
                known.add(each.plural());
            }
            return new Rejected("there is no kind \"" + name + "\" in the lab; known are " + String.join(", ", known));
        });
    }

    private static Selector selector(String text) throws Rejected {
        try {
            return Selector.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Rejected(String.valueOf(e.getMessage()));
        }
    }
}
