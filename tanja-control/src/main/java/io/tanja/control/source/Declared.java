package io.tanja.control.source;

import io.tanja.model.api.ApiObject;
import io.tanja.model.validate.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object of a kind of the mesh as an API server has it, read or not.
 *
 * @param apiVersion the version in which it was read, {@code security.istio.io/v1}
 * @param kind its kind
 * @param plural the kind's name in paths
 * @param namespace its namespace; empty for a kind without namespaces
 * @param name its name
 * @param uid which object it is; another one may have had the same name before
 * @param generation of which content the rest speaks
 * @param good the content that is in force, this one or an earlier one; null if none is
 * @param problems what is wrong with it by itself
 */
public record Declared(
        String apiVersion,
        String kind,
        String plural,
        String namespace,
        String name,
        String uid,
        long generation,
        @Nullable ApiObject good,
        List<Problem> problems) {
    /** Copies the list. */
    public Declared {
        problems = List.copyOf(problems);
    }

    /** How people name it, as {@link io.tanja.model.api.ApiObject#id}. */
    public String id() {
        return namespace.isEmpty() ? kind + " " + name : kind + " " + namespace + "/" + name;
    }
}
