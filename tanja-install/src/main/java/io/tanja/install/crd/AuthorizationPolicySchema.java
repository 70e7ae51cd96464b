package io.tanja.install.crd;

import static io.tanja.install.crd.Schema.field;
import static io.tanja.install.crd.Schema.list;
import static io.tanja.install.crd.Schema.nonEmpty;
import static io.tanja.install.crd.Schema.object;
import static io.tanja.install.crd.Schema.oneOf;
import static io.tanja.install.crd.Schema.required;
import static io.tanja.install.crd.Schema.rule;
import static io.tanja.install.crd.Schema.some;
import static io.tanja.install.crd.Schema.text;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.tanja.install.crd.Schema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** AuthorizationPolicy ({@code security/v1beta1/authorization_policy.proto} of istio/api). */
final class AuthorizationPolicySchema {
    private static final long RULES = 512;
    private static final long TARGETS = 16;
    private static final long ACCOUNTS = 16;
    private static final long ACCOUNT = 320;

    private AuthorizationPolicySchema() {}

    static JSONSchemaProps spec() {
        JSONSchemaProps spec = object(
                "Which requests and connections workloads accept.",
                field("selector", Selectors.workload()),
                field("targetRef", target()),
                field("targetRefs", list("What it is attached to instead of workloads.", target(), TARGETS)),
                field(
                        "action",
                        oneOf("What happens to what matches; ALLOW if unset.", "ALLOW", "DENY", "AUDIT", "CUSTOM")),
                field("provider", object("Who decides for CUSTOM.", field("name", text("Its name.")))),
                field("rules", list("A request matches if one of them does.", matching(), RULES)));
        rule(
                spec,
                "(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1",
                "selector, targetRef and targetRefs exclude each other");
        rule(
                spec,
                "!has(self.action) || !(self.action in ['DENY', 'CUSTOM']) || (has(self.rules) && self.rules.size() > 0)",
                "DENY and CUSTOM need rules, without them they never match; an empty rule, {}, matches everything");
        return rule(
                spec,
                "(has(self.action) && self.action == 'CUSTOM') == has(self.provider)",
                "provider belongs to action CUSTOM, which needs it");
    }

    private static JSONSchemaProps target() {
        return required(
                object(
                        "An object.",
                        field("group", text("Its API group.")),
                        field("kind", nonEmpty("Its kind.")),
                        field("name", nonEmpty("Its name.")),
                        field("namespace", text("Its namespace; must be the policy's own."))),
                "kind",
                "name");
    }

    private static JSONSchemaProps matching() {
        JSONSchemaProps when = required(
                object(
                        "A condition.",
                        field("key", nonEmpty("The attribute, such as source.namespace.")),
                        field("values", values("One of them.")),
                        field("notValues", values("None of them."))),
                "key");
        rule(when, "has(self.values) || has(self.notValues)", "a condition needs values or notValues");
        return object(
                "from, to and when must all match.",
                field("from", alternatives("Who calls.", "source", source())),
                field("to", alternatives("What is called.", "operation", operation())),
                field("when", list("All conditions must match.", when)));
    }

    private static JSONSchemaProps alternatives(String description, String name, JSONSchemaProps schema) {
        JSONSchemaProps item = required(object("One way to match.", field(name, some(schema))), name);
        return some(list(description, item, RULES));
    }

    private static JSONSchemaProps source() {
        JSONSchemaProps account = text("ACCOUNT or NAMESPACE/ACCOUNT.", ACCOUNT);
        JSONSchemaProps source = object(
                "All fields must match, one value of each.",
                fields(List.of(
                        "principals",
                        "requestPrincipals",
                        "namespaces",
                        "trustDomains",
                        "ipBlocks",
                        "remoteIpBlocks")));
        source.getProperties().put("serviceAccounts", list("One of them.", account, ACCOUNTS));
        source.getProperties().put("notServiceAccounts", list("None of them.", account, ACCOUNTS));
        return rule(
                source,
                "!(has(self.serviceAccounts) || has(self.notServiceAccounts)) || !(has(self.principals)"
                        + " || has(self.notPrincipals) || has(self.namespaces) || has(self.notNamespaces))",
                "serviceAccounts excludes principals and namespaces; use another item of from");
    }

    private static JSONSchemaProps operation() {
        return object(
                "All fields must match, one value of each.", fields(List.of("hosts", "ports", "methods", "paths")));
    }

    /** Each field and its negation. */
    private static Field[] fields(List<String> names) {
        List<Field> fields = new ArrayList<>();
        for (String name : names) {
            fields.add(field(name, values("One of them.")));
            fields.add(field(
                    "not" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
                    values("None of them.")));
        }
        return fields.toArray(Field[]::new);
    }

    private static JSONSchemaProps values(String description) {
        return list(description, text("A value."));
    }
}
