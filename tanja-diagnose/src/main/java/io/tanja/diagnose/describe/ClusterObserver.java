package io.tanja.diagnose.describe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.control.ConfigException;
import io.tanja.control.ControlFlags;
import io.tanja.control.state.MeshOptions;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.cluster.ClusterCall;
import io.tanja.install.object.Names;
import io.tanja.model.api.ApiObject;
import io.tanja.model.manifest.Manifest;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads from the API server what decides over a pod, with the user's own rights. Used by one thread, once. */
public final class ClusterObserver {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};
    private static final String SOURCE = "kubernetes";
    /** The newer one first; a definition by an older Istio serves the second only. */
    private static final List<String> SECURITY = List.of("security.istio.io/v1", "security.istio.io/v1beta1");

    private final KubernetesClient client;
    private final List<ApiObject> objects = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Makes one. */
    public ClusterObserver(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Reads everything.
     *
     * @param system the control plane's namespace
     * @throws DiagnoseException if there is no such pod, or something may not be read
     */
    public Observed observe(String system, String namespace, String name) throws DiagnoseException {
        String what = "pod " + namespace + "/" + name;
        Pod pod = ClusterCall.<@Nullable Pod>of(
                what, () -> client.pods().inNamespace(namespace).withName(name).get());
        if (pod == null) {
            throw new DiagnoseException(
                    what, "is not there", "kubectl -n " + namespace + " get pods lists those that are");
        }
        Namespace home = ClusterCall.<@Nullable Namespace>of(
                "namespace " + namespace,
                () -> client.namespaces().withName(namespace).get());
        Map<String, String> labels = home == null
                ? Map.of()
                : Objects.requireNonNullElse(home.getMetadata().getLabels(), Map.of());
        MeshOptions options = options(system);
        read("/api/v1/namespaces/" + namespace, "v1", "Namespace");
        read("/api/v1/namespaces/" + namespace + "/pods/" + name, "v1", "Pod");
        read("/api/v1/namespaces/" + namespace + "/services", "v1", "ServiceList");
        if (!read("/apis/deckhouse.io/v1alpha1/moduleconfigs/istio", "deckhouse.io/v1alpha1", "ModuleConfig")) {
            notes.add("there is no ModuleConfig istio");
        }
        for (String each : new TreeSet<>(Set.of(namespace, options.rootNamespace()))) {
            policies(each, "peerauthentications", "PeerAuthenticationList");
            policies(each, "authorizationpolicies", "AuthorizationPolicyList");
        }
        return new Observed(pod, labels, objects, problems, options, notes);
    }

    private void policies(String namespace, String resource, String kind) throws DiagnoseException {
        for (String version : SECURITY) {
            if (read("/apis/" + version + "/namespaces/" + namespace + "/" + resource, version, kind)) {
                return;
            }
        }
        notes.add("the cluster does not define " + resource + ": tanja install brings it");
    }

    /** Whether there is something. */
    private boolean read(String path, String apiVersion, String kind) throws DiagnoseException {
        String text = ClusterCall.optional(path, () -> client.raw(path));
        if (text == null) {
            return false;
        }
        try {
            Manifest read = ManifestReader.read(SOURCE, JSON.readValue(text, TREE), apiVersion, kind);
            objects.addAll(read.objects());
            // Of Kubernetes' own kinds a warning is that the mesh does not read a field, which is no news here.
            boolean ours = apiVersion.contains("/");
            read.problems().stream()
                    .filter(problem -> ours || problem.isError())
                    .forEach(problems::add);
            return true;
        } catch (JacksonException e) {
            throw new DiagnoseException(path, "is not answered by an object: " + e.getOriginalMessage(), "try again");
        }
    }

    /** As the control plane was told at its installation: its flags are in its Deployment. */
    private MeshOptions options(String system) throws DiagnoseException {
        MeshOptions unknown =
                new MeshOptions(MeshOptions.DEFAULT.trustDomain(), system, MeshOptions.DEFAULT.cluster(), true);
        Deployment control = ClusterCall.<@Nullable Deployment>of(
                "deployment " + system + "/" + Names.CONTROL,
                () -> client.apps()
                        .deployments()
                        .inNamespace(system)
                        .withName(Names.CONTROL)
                        .get());
        if (control == null) {
            notes.add("no control plane is installed in namespace " + system
                    + ": trust domain and root namespace are taken to be the usual ones");
            return unknown;
        }
        Container container =
                control.getSpec().getTemplate().getSpec().getContainers().getFirst();
        try {
            return ControlFlags.parse(container.getArgs().stream()
                            .filter(argument -> !argument.startsWith("@"))
                            .toArray(String[]::new))
                    .mesh();
        } catch (ConfigException e) {
            notes.add("the control plane's flags are not understood, use the tanja of its version: " + e.problems());
            return unknown;
        }
    }
}
