package io.tanja.lab.object;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of objects that the lab understands, with the names that people use for them. */
public enum Kind {
    /** A namespace. */
    NAMESPACE("Namespace", "namespaces", "ns", false, "v1"),
    /** An identity that pods run under. */
    SERVICE_ACCOUNT("ServiceAccount", "serviceaccounts", "sa", true, "v1"),
    /** A group of processes with an address. */
    POD("Pod", "pods", "po", true, "v1"),
    /** A name and virtual address for pods. */
    SERVICE("Service", "services", "svc", true, "v1"),
    /** A number of equal pods. */
    DEPLOYMENT("Deployment", "deployments", "deploy", true, "apps/v1"),
    /** Deckhouse's switch of a module; the lab knows the module {@code istio}. */
    MODULE_CONFIG("ModuleConfig", "moduleconfigs", "mc", false, "deckhouse.io/v1alpha1"),
    /** Which security inbound connections must have. */
    PEER_AUTHENTICATION(
            "PeerAuthentication",
            "peerauthentications",
            "pa",
            true,
            "security.istio.io/v1",
            "security.istio.io/v1beta1"),
    /** Who may do what. */
    AUTHORIZATION_POLICY(
            "AuthorizationPolicy",
            "authorizationpolicies",
            "ap",
            true,
            "security.istio.io/v1",
            "security.istio.io/v1beta1"),
    /** Which end-user tokens are accepted. */
    REQUEST_AUTHENTICATION(
            "RequestAuthentication",
            "requestauthentications",
            "ra",
            true,
            "security.istio.io/v1",
            "security.istio.io/v1beta1"),
    /** How clients connect to a service. */
    DESTINATION_RULE(
            "DestinationRule",
            "destinationrules",
            "dr",
            true,
            "networking.istio.io/v1",
            "networking.istio.io/v1beta1",
            "networking.istio.io/v1alpha3");

    private final String kind;
    private final String plural;
    private final String shortName;
    private final boolean namespaced;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> apiVersions;

    Kind(String kind, String plural, String shortName, boolean namespaced, String... apiVersions) {
        this.kind = kind;
        this.plural = plural;
        this.shortName = shortName;
        this.namespaced = namespaced;
        this.apiVersions = List.of(apiVersions);
    }

    /** The kind as objects spell it: {@code Deployment}. */
    public String kind() {
        return kind;
    }

    /** The kind's resource name: {@code deployments}. */
    public String plural() {
        return plural;
    }

    /** Whether its objects live in a namespace. */
    public boolean namespaced() {
        return namespaced;
    }

    /** The API versions that are read, the preferred one first. */
    public List<String> apiVersions() {
        return apiVersions;
    }

    /** The name that kubectl prints before an object's own: {@code deployment.apps}. */
    public String resource() {
        String singular = kind.toLowerCase(Locale.ROOT);
        String version = apiVersions.getFirst();
        int slash = version.indexOf('/');
        return slash < 0 ? singular : singular + "." + version.substring(0, slash);
    }

    /** Finds the kind that a person means: singular, plural, short or with API group, in any case. */
    public static Optional<Kind> named(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        for (Kind each : values()) {
            if (wanted.equals(each.plural)
                    || wanted.equals(each.shortName)
                    || wanted.equals(each.kind.toLowerCase(Locale.ROOT))
                    || wanted.equals(each.resource())
                    || wanted.startsWith(each.plural + ".")) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Finds the kind that an object declares; empty if the lab does not know it in that version. */
    public static Optional<Kind> declared(String apiVersion, String kind) {
        for (Kind each : values()) {
            if (each.kind.equals(kind) && each.apiVersions.contains(apiVersion)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
