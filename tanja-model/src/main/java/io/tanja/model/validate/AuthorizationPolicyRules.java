package io.tanja.model.validate;

import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.authz.Condition;
import io.tanja.model.authz.IpBlock;
import io.tanja.model.authz.Operation;
import io.tanja.model.authz.PathTemplate;
import io.tanja.model.authz.Rule;
import io.tanja.model.authz.Source;
import io.tanja.model.authz.Values;
import io.tanja.model.identity.Quote;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code ValidateAuthorizationPolicy}. */
final class AuthorizationPolicyRules {
    private static final int MAX_RULES = 512;
    private static final int MAX_TARGETS = 16;
    private static final int MAX_ACCOUNTS = 16;
    private static final int MAX_ACCOUNT_LENGTH = 320;

    private final AuthorizationPolicy policy;
    private final Findings findings;

    private AuthorizationPolicyRules(AuthorizationPolicy policy, Findings findings) {
        this.policy = policy;
        this.findings = findings;
    }

    static void check(AuthorizationPolicy policy, Findings findings) {
        new AuthorizationPolicyRules(policy, findings).check();
    }

    private void check() {
        findings.selector(policy.selector());
        attachment();
        action();
        if (policy.rules().size() > MAX_RULES) {
            findings.error("spec.rules", "more than " + MAX_RULES + " rules", "split the policy");
        }
        for (int i = 0; i < policy.rules().size(); i++) {
            rule("spec.rules[" + i + "]", policy.rules().get(i));
        }
    }

    private void attachment() {
        if (!policy.targets().isEmpty() && !policy.selector().isEmpty()) {
            findings.error("spec.selector", "selector and targetRefs exclude each other", "remove one of them");
        }
        if (policy.targets().size() > MAX_TARGETS) {
            findings.error("spec.targetRefs", "more than " + MAX_TARGETS + " targets", "split the policy");
        } else if (!policy.targets().isEmpty()) {
            findings.warning(
                    "spec.targetRefs",
                    "no sidecar has a policy with targetRefs",
                    "use a selector to attach it to pods");
        }
    }

    private void action() {
        Action action = policy.action();
        if (policy.rules().isEmpty() && (action == Action.DENY || action == Action.CUSTOM)) {
            findings.error(
                    "spec.rules",
                    action + " without rules never matches",
                    "add a rule; an empty one, {}, matches every request");
        }
        boolean custom = action == Action.CUSTOM;
        if (custom && policy.provider().isEmpty()) {
            findings.error("spec.provider", "CUSTOM needs a provider", "name it in spec.provider.name");
        } else if (custom) {
            findings.warning(
                    "spec.provider",
                    "no external authorizer is served yet: requests that match are denied",
                    "use ALLOW or DENY policies");
        } else if (!policy.provider().isEmpty()) {
            findings.error("spec.provider", "only CUSTOM has a provider", "remove it, or set action: CUSTOM");
        }
        if (policy.dryRun() && (custom || action == Action.AUDIT)) {
            findings.error("metadata.annotations", "dry-run works with ALLOW and DENY only", "remove istio.io/dry-run");
        }
    }

    private void rule(String field, Rule rule) {
        for (int i = 0; i < rule.from().size(); i++) {
            source(field + ".from[" + i + "].source", rule.from().get(i));
        }
        for (int i = 0; i < rule.to().size(); i++) {
            operation(field + ".to[" + i + "].operation", rule.to().get(i));
        }
        for (int i = 0; i < rule.when().size(); i++) {
            condition(field + ".when[" + i + "]", rule.when().get(i));
        }
    }

    private void source(String field, Source source) {
        boolean identity = Stream.of(
                        source.principals(), source.namespaces(), source.requestPrincipals(), source.serviceAccounts())
                .anyMatch(v -> !v.isEmpty());
        if (!identity && source.ipBlocks().isEmpty() && source.remoteIpBlocks().isEmpty()) {
            findings.error(field, "is empty", "add a field, or remove from to match every source");
        }
        if (identity && policy.action() == Action.CUSTOM) {
            findings.error(field, "CUSTOM cannot look at identities", "use ipBlocks or an operation");
        }
        if (!source.serviceAccounts().isEmpty()
                && !(source.principals().isEmpty() && source.namespaces().isEmpty())) {
            findings.error(
                    field + ".serviceAccounts",
                    "serviceAccounts excludes principals and namespaces",
                    "use another item of from");
        }
        values(field, "principals", source.principals(), AuthorizationPolicyRules::principal);
        values(field, "requestPrincipals", source.requestPrincipals(), v -> {});
        values(field, "namespaces", source.namespaces(), v -> {});
        values(field, "serviceAccounts", source.serviceAccounts(), AuthorizationPolicyRules::account);
        for (List<String> list :
                List.of(source.serviceAccounts().any(), source.serviceAccounts().not())) {
            if (list.size() > MAX_ACCOUNTS) {
                findings.error(
                        field + ".serviceAccounts",
                        "more than " + MAX_ACCOUNTS + " values",
                        "use another item of from");
            }
        }
        values(field, "ipBlocks", source.ipBlocks(), IpBlock::parse);
        values(field, "remoteIpBlocks", source.remoteIpBlocks(), IpBlock::parse);
        if (!source.remoteIpBlocks().isEmpty()) {
            findings.warning(
                    field + ".remoteIpBlocks",
                    "X-Forwarded-For is not evaluated yet: it is compared with the direct peer's address",
                    "use ipBlocks where that is what you mean");
        }
    }

    private void operation(String field, Operation operation) {
        boolean empty = Stream.of(operation.hosts(), operation.ports(), operation.methods(), operation.paths())
                .allMatch(Values::isEmpty);
        if (empty) {
            findings.error(field, "is empty", "add a field, or remove to to match every operation");
        }
        values(field, "hosts", operation.hosts(), v -> {});
        values(field, "ports", operation.ports(), AuthorizationPolicyRules::port);
        values(field, "methods", operation.methods(), v -> {});
        values(field, "paths", operation.paths(), AuthorizationPolicyRules::path);
    }

    private void condition(String field, Condition condition) {
        String key = condition.key();
        if (condition.values().isEmpty()) {
            findings.error(field, "has neither values nor notValues", "add one of them");
        }
        if (!ConditionKeys.isKnown(key)) {
            findings.error(
                    field + ".key",
                    "\"" + Quote.printable(key) + "\" is not an attribute",
                    "use one of " + ConditionKeys.known());
            return;
        }
        if (policy.action() == Action.CUSTOM && ConditionKeys.isIdentity(key)) {
            findings.error(field + ".key", "CUSTOM cannot look at identities", "use an attribute of the request");
        }
        values(field, "values", condition.values(), ConditionKeys.check(key));
    }

    /** Checks the values of a field and its twin; {@code check} throws IllegalArgumentException for a wrong one. */
    private void values(String parent, String name, Values values, Consumer<String> check) {
        String twin = "not" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
        each(parent + "." + name, values.any(), check);
        each(parent + "." + twin, values.not(), check);
    }

    private void each(String field, List<String> values, Consumer<String> check) {
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            try {
                if (value.isEmpty()) {
                    throw new IllegalArgumentException("an empty value matches nothing");
                }
                check.accept(value);
            } catch (IllegalArgumentException e) {
                findings.error(field + "[" + i + "]", String.valueOf(e.getMessage()), "correct or remove the value");
            }
        }
    }

    static void principal(String value) {
        if (value.startsWith("spiffe://")) {
            throw new IllegalArgumentException("\"" + Quote.printable(value)
                    + "\" must not have spiffe://, principals are written <trust domain>/ns/<namespace>/sa/<account>");
        }
    }

    static void account(String value) {
        long slashes = value.chars().filter(c -> c == '/').count();
        boolean form = slashes <= 1 && !value.startsWith("/") && !value.endsWith("/") && value.indexOf('*') < 0;
        if (!form || value.length() > MAX_ACCOUNT_LENGTH) {
            throw new IllegalArgumentException("\"" + Quote.printable(value)
                    + "\" is not <account> or <namespace>/<account>; wildcards are not allowed");
        }
    }

    static void port(String value) {
        boolean digits = value.length() <= 5 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(value) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("\"" + Quote.printable(value) + "\" is not a port from 1 to 65535");
        }
    }

    static void path(String value) {
        if (PathTemplate.isTemplate(value)) {
            PathTemplate.parse(value);
        }
    }
}
