package io.tanja.install.crd;

import static io.tanja.install.crd.Schema.field;
import static io.tanja.install.crd.Schema.map;
import static io.tanja.install.crd.Schema.object;
import static io.tanja.install.crd.Schema.rule;
import static io.tanja.install.crd.Schema.text;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;

/** How a policy names its workloads ({@code type/v1beta1/selector.proto} of istio/api). */
final class Selectors {
    private Selectors() {}

    static JSONSchemaProps workload() {
        JSONSchemaProps value = rule(
                text("The label's value.", 63),
                "!self.contains('*')",
                "a label's value is matched as it is, without *");
        JSONSchemaProps labels = map("Labels that a pod must all have.", value, 4096);
        rule(labels, "self.all(key, !key.contains('*'))", "a label's name is matched as it is, without *");
        rule(labels, "self.all(key, key.size() != 0)", "a label must have a name");
        return object("Which workloads; all of the namespace without it.", field("matchLabels", labels));
    }
}
