package io.tanja.diagnose.describe;

import io.fabric8.kubernetes.api.model.Pod;
import io.tanja.control.state.MeshOptions;
import io.tanja.model.api.ApiObject;
import io.tanja.model.validate.Problem;
import java.util.List;
import java.util.Map;

/**
 * What the API server says about a pod, and about what decides over it.
 *
 * @param pod the pod
 * @param namespaceLabels its namespace's
 * @param objects the pod, its namespace, the ModuleConfig, and the services and policies that could concern it
 * @param problems what is wrong with these objects: one with an error is not among them
 * @param options how the control plane was installed
 * @param notes what could not be read
 */
public record Observed(
        Pod pod,
        Map<String, String> namespaceLabels,
        List<ApiObject> objects,
        List<Problem> problems,
        MeshOptions options,
        List<String> notes) {
    /** Copies the collections. */
    public Observed {
        namespaceLabels = Map.copyOf(namespaceLabels);
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }
}
