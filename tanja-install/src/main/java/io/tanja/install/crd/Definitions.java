package io.tanja.install.crd;

import static io.tanja.install.crd.Schema.field;
import static io.tanja.install.crd.Schema.object;
import static io.tanja.install.crd.Schema.rule;
import static io.tanja.install.crd.Schema.text;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.tanja.install.crd.Definition.Column;
import java.util.List;

/** The mesh's own kinds: those that the control plane watches, and no other, so that an object is never ignored in silence. */
public final class Definitions {
    private static final String SECURITY = "security.istio.io";
    private static final List<String> SECURITY_VERSIONS = List.of("v1", "v1beta1");

    private Definitions() {}

    /** What a condition of the status says. */
    private static Column condition(String type, String field) {
        return new Column(type, "string", ".status.conditions[?(@.type==\"" + type + "\")]." + field);
    }

    /** All definitions. */
    public static List<CustomResourceDefinition> all() {
        return List.of(
                new Definition(
                                SECURITY,
                                "PeerAuthentication",
                                "peerauthentication",
                                "peerauthentications",
                                List.of("pa"),
                                true,
                                SECURITY_VERSIONS,
                                List.of(
                                        new Column("Mode", "string", ".spec.mtls.mode"),
                                        condition("Accepted", "status"),
                                        condition("InForce", "message")),
                                root(PeerAuthenticationSchema.spec()))
                        .resource(),
                new Definition(
                                SECURITY,
                                "AuthorizationPolicy",
                                "authorizationpolicy",
                                "authorizationpolicies",
                                List.of("ap"),
                                true,
                                SECURITY_VERSIONS,
                                List.of(
                                        new Column("Action", "string", ".spec.action"),
                                        condition("Accepted", "status"),
                                        condition("InForce", "message")),
                                root(AuthorizationPolicySchema.spec()))
                        .resource(),
                new Definition(
                                "deckhouse.io",
                                "ModuleConfig",
                                "moduleconfig",
                                "moduleconfigs",
                                List.of("mc"),
                                false,
                                List.of("v1alpha1"),
                                List.of(
                                        new Column("Enabled", "boolean", ".spec.enabled"),
                                        condition("Ready", "message")),
                                rule(
                                        root(ModuleConfigSchema.spec()),
                                        "self.metadata.name == 'istio'",
                                        "the mesh's module is named istio, no other is served here"))
                        .resource());
    }

    private static JSONSchemaProps root(JSONSchemaProps spec) {
        return object(
                "",
                field("apiVersion", text("")),
                field("kind", text("")),
                field("metadata", object("")),
                field("spec", spec));
    }
}
