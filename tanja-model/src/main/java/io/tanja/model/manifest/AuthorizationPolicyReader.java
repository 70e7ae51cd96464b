package io.tanja.model.manifest;

import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.authz.Condition;
import io.tanja.model.authz.Operation;
import io.tanja.model.authz.Rule;
import io.tanja.model.authz.Source;
import io.tanja.model.authz.Values;
import io.tanja.model.identity.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads AuthorizationPolicies ({@code security/v1beta1/authorization_policy.proto} of istio/api). */
final class AuthorizationPolicyReader {
    private static final String DRY_RUN = "istio.io/dry-run";

    private AuthorizationPolicyReader() {}

    static AuthorizationPolicy read(Fields root, ObjectMeta meta, Origin origin) {
        Fields spec = root.objectOrNone("spec");
        Map<String, String> selector = PeerAuthenticationReader.selector(spec);
        Action action = spec.enumeration("action", Action.ALLOW, Action.class);
        Fields provider = spec.objectOrNone("provider");
        String providerName = provider.string("name", "");
        provider.noOthers();
        List<String> targets = new ArrayList<>();
        Fields single = spec.object("targetRef");
        if (single != null) {
            targets.add(target(single));
        }
        for (Fields ref : spec.objects("targetRefs")) {
            targets.add(target(ref));
        }
        List<Rule> rules = new ArrayList<>();
        for (Fields rule : spec.objects("rules")) {
            rules.add(rule(rule));
        }
        spec.noOthers();
        return new AuthorizationPolicy(
                meta, origin, selector, targets, action, providerName, rules, dryRun(root, meta));
    }

    private static boolean dryRun(Fields root, ObjectMeta meta) {
        String value = meta.annotations().get(DRY_RUN);
        if (value == null) {
            return false;
        }
        // The spellings of Go's strconv.ParseBool, which Istio uses here.
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> {
                root.objectOrNone("metadata")
                        .error(
                                "annotations",
                                DRY_RUN + " is \"" + Quote.printable(value) + "\"",
                                "write \"true\" or \"false\"");
                yield false;
            }
        };
    }

    private static String target(Fields ref) {
        ref.value("group");
        ref.value("namespace");
        String target = ref.required("kind", "name the kind that it is attached to") + "/"
                + ref.required("name", "name the object that it is attached to");
        ref.noOthers();
        return target;
    }

    private static Rule rule(Fields rule) {
        List<Source> from = new ArrayList<>();
        for (Fields item : alternatives(rule, "from", "source")) {
            from.add(source(item));
        }
        List<Operation> to = new ArrayList<>();
        for (Fields item : alternatives(rule, "to", "operation")) {
            to.add(operation(item));
        }
        List<Condition> when = new ArrayList<>();
        for (Fields item : rule.objects("when")) {
            String key = item.required("key", "name the attribute, such as source.namespace");
            when.add(new Condition(key, new Values(item.strings("values"), item.strings("notValues"))));
            item.noOthers();
        }
        rule.noOthers();
        return new Rule(from, to, when);
    }

    /** The items of {@code from} and {@code to}: an empty one would match everything, so that it must be a mistake. */
    private static List<Fields> alternatives(Fields rule, String list, String inner) {
        List<Fields> found = new ArrayList<>();
        List<Fields> items = rule.objects(list);
        if (rule.has(list) && items.isEmpty()) {
            rule.error(list, "is empty", "remove it, or add an item with a " + inner);
        }
        for (Fields item : items) {
            @Nullable Fields fields = item.object(inner);
            if (fields == null || fields.isEmpty()) {
                item.error(inner, "is empty", "add a field, or remove " + list + " to match everything");
            }
            if (fields != null) {
                found.add(fields);
            }
            item.noOthers();
        }
        return found;
    }

    private static Source source(Fields f) {
        Source source = new Source(
                values(f, "principals"),
                values(f, "requestPrincipals"),
                values(f, "namespaces"),
                values(f, "serviceAccounts"),
                values(f, "ipBlocks"),
                values(f, "remoteIpBlocks"));
        for (String field : List.of("trustDomains", "notTrustDomains")) {
            if (f.has(field)) {
                f.error(field, "is not served", "use a condition (when) with the key source.trustDomain");
            }
        }
        f.noOthers();
        return source;
    }

    private static Operation operation(Fields f) {
        Operation operation =
                new Operation(values(f, "hosts"), values(f, "ports"), values(f, "methods"), values(f, "paths"));
        f.noOthers();
        return operation;
    }

    private static Values values(Fields f, String field) {
        String twin = "not" + field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
        for (String name : List.of(field, twin)) {
            if (f.value(name) instanceof YamlNode.Sequence s && s.items().isEmpty()) {
                f.error(name, "is empty", "remove it, or add a value");
            }
        }
        return new Values(f.strings(field), f.strings(twin));
    }
}
