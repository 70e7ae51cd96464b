package io.tanja.install.crd;

import static io.tanja.install.crd.Schema.bool;
import static io.tanja.install.crd.Schema.field;
import static io.tanja.install.crd.Schema.list;
import static io.tanja.install.crd.Schema.object;
import static io.tanja.install.crd.Schema.oneOf;
import static io.tanja.install.crd.Schema.open;
import static io.tanja.install.crd.Schema.rule;
import static io.tanja.install.crd.Schema.text;
import static io.tanja.install.crd.Schema.whole;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;

/** ModuleConfig of Deckhouse, with the settings of its module istio. */
final class ModuleConfigSchema {
    private static final String PORT = "^[0-9]{1,5}$";
    private static final String RANGE = "^[0-9A-Fa-f.:]+/[0-9]{1,3}$";

    private ModuleConfigSchema() {}

    static JSONSchemaProps spec() {
        JSONSchemaProps version = whole("Version of the settings' schema.");
        version.setMinimum(1.0);
        return rule(
                object(
                        "The module's configuration.",
                        field("enabled", bool("Whether there is a mesh.")),
                        field("version", version),
                        field("settings", settings()),
                        field("maintenance", text("Of Deckhouse; the mesh does not look at it.")),
                        field("source", text("Of Deckhouse; the mesh does not look at it.")),
                        field("updatePolicy", text("Of Deckhouse; the mesh does not look at it."))),
                "!has(self.settings) || has(self.version)",
                "settings need a version that says how they are meant");
    }

    /** Open: the control plane tells in the status which settings it does not serve. */
    private static JSONSchemaProps settings() {
        return open(object(
                "The mesh's settings.",
                field(
                        "tlsMode",
                        oneOf(
                                "The mode of workloads that no PeerAuthentication speaks of.",
                                "Off",
                                "MutualPermissive",
                                "Mutual")),
                field(
                        "outboundTrafficPolicyMode",
                        oneOf("What happens to destinations outside the mesh.", "AllowAny", "RegistryOnly")),
                field("sidecar", sidecar()),
                field(
                        "ca",
                        open(object(
                                "A CA of your own, PEM.",
                                field("cert", text("Its certificate.")),
                                field("key", text("Its key.")),
                                field("chain", text("The way from it to the root.")),
                                field("root", text("The root."))))),
                field(
                        "proxyConfig",
                        open(object(
                                "Defaults of sidecars.",
                                field(
                                        "holdApplicationUntilProxyStarts",
                                        bool("Whether the application waits for its sidecar."))))),
                field("enableHTTP10", bool("Whether HTTP/1.0 is served."))));
    }

    private static JSONSchemaProps sidecar() {
        JSONSchemaProps port = text("A port.", PORT);
        JSONSchemaProps range = text("Address/length.", RANGE);
        return open(object(
                "What sidecars capture.",
                field("includeOutboundIPRanges", list("Only these destinations.", range)),
                field("excludeOutboundIPRanges", list("Not these destinations.", range)),
                field("excludeInboundPorts", list("Not these ports of the pod.", port)),
                field("excludeOutboundPorts", list("Not these ports of others.", port))));
    }
}
