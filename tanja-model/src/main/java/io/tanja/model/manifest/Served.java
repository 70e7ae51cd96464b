package io.tanja.model.manifest;

import io.tanja.model.api.ApiObject;
import io.tanja.model.api.Namespace;
import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.api.ServiceAccount;
import io.tanja.model.identity.Quote;
import java.util.ArrayList;
import java.util.List;

/** The kinds that the mesh reads, and what becomes of the others. */
final class Served {
    private static final String SECURITY = "security.istio.io";
    private static final List<String> SECURITY_VERSIONS = List.of("v1", "v1beta1");

    private static final List<Kind> KINDS = List.of(
            new Kind("", List.of("v1"), "Namespace", false, true, false, (r, m, o) -> new Namespace(m, o)),
            new Kind("", List.of("v1"), "ServiceAccount", true, false, false, (r, m, o) -> new ServiceAccount(m, o)),
            new Kind("", List.of("v1"), "Pod", true, false, false, PodReader::pod),
            new Kind("", List.of("v1"), "Service", true, true, false, ServiceReader::service),
            new Kind("discovery.k8s.io", List.of("v1"), "EndpointSlice", true, false, false, EndpointSliceReader::read),
            new Kind("apps", List.of("v1"), "Deployment", true, false, false, WorkloadReader::deployment),
            new Kind(
                    "deckhouse.io",
                    List.of("v1alpha1"),
                    "ModuleConfig",
                    false,
                    false,
                    true,
                    WorkloadReader::moduleConfig),
            new Kind(
                    SECURITY,
                    SECURITY_VERSIONS,
                    "PeerAuthentication",
                    true,
                    false,
                    true,
                    PeerAuthenticationReader::read),
            new Kind(
                    SECURITY,
                    SECURITY_VERSIONS,
                    "AuthorizationPolicy",
                    true,
                    false,
                    true,
                    AuthorizationPolicyReader::read));

    private Served() {}

    /** What becomes of an object of some API version and kind. */
    sealed interface Lookup {}

    /** It is none of the mesh's. */
    record Ignored() implements Lookup {}

    /** It was meant for the mesh, and cannot be served. */
    record Refused(String message, String remedy) implements Lookup {}

    /** Makes the object. */
    @FunctionalInterface
    interface Reader {
        ApiObject read(Fields root, ObjectMeta meta, Origin origin);
    }

    /**
     * It is read.
     *
     * @param nameIsLabel whether its name must be a DNS label
     * @param strict whether unknown fields are errors
     */
    record Kind(
            String group,
            List<String> versions,
            String kind,
            boolean namespaced,
            boolean nameIsLabel,
            boolean strict,
            Reader reader)
            implements Lookup {
        ApiObject read(Fields root, ObjectMeta meta, Origin origin) {
            ApiObject object = reader.read(root, meta, origin);
            if (strict) {
                for (String other : List.of("apiVersion", "kind", "metadata", "spec", "status")) {
                    root.value(other);
                }
                root.noOthers();
            }
            return object;
        }
    }

    static Lookup find(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        List<String> ofGroup = new ArrayList<>();
        for (Kind served : KINDS) {
            if (served.group().equals(group)) {
                ofGroup.add(served.kind());
                if (served.kind().equals(kind)) {
                    String first = served.versions().getFirst();
                    return served.versions().contains(version)
                            ? served
                            : new Refused(
                                    "apiVersion \"" + Quote.printable(apiVersion) + "\" is not served",
                                    "use " + (group.isEmpty() ? first : group + "/" + first));
                }
            }
        }
        // A kind of the mesh that is misspelt would be a policy that silently is none.
        String near = group.equals(SECURITY) ? Spelling.nearest(kind, ofGroup) : null;
        return near == null
                ? new Ignored()
                : new Refused(
                        "\"" + Quote.printable(kind) + "\" is not a kind of " + SECURITY, "did you mean " + near + "?");
    }
}
