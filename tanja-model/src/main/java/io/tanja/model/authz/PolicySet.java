package io.tanja.model.authz;

import io.tanja.model.authz.AuthorizationPolicy.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The deciding policies of one workload, compiled for one scope. Immutable. */
final class PolicySet {
    private static final Decision NOT_DENIED = new Decision(true, "allowed: no DENY policy matches");

    private final List<CompiledRule> refusing;
    private final List<CompiledRule> allowing;
    private final Decision otherwise;

    /** A rule with the verdict that its match means, made beforehand so that judging makes no garbage. */
    private record CompiledRule(Matcher matcher, Decision decision) {}

    private PolicySet(List<CompiledRule> refusing, List<CompiledRule> allowing, Decision otherwise) {
        this.refusing = refusing;
        this.allowing = allowing;
        this.otherwise = otherwise;
    }

    /**
     * Compiles policies.
     *
     * @param policies policies that decide: no AUDIT, no dry run
     */
    static PolicySet compile(List<AuthorizationPolicy> policies, TrustDomainAliases aliases, Scope scope) {
        List<AuthorizationPolicy> sorted = new ArrayList<>(policies);
        sorted.sort(Comparator.comparing(AuthorizationPolicy::name));
        List<CompiledRule> custom = new ArrayList<>();
        List<CompiledRule> deny = new ArrayList<>();
        List<CompiledRule> allow = new ArrayList<>();
        List<String> allowNames = new ArrayList<>();
        for (AuthorizationPolicy policy : sorted) {
            RuleCompiler compiler = new RuleCompiler(policy, aliases, scope);
            switch (policy.action()) {
                case CUSTOM ->
                    add(custom, policy, compiler, false, ": CUSTOM needs an external authorizer, none is served");
                case DENY -> add(deny, policy, compiler, false, "");
                case ALLOW -> {
                    add(allow, policy, compiler, true, "");
                    allowNames.add(policy.name().toString());
                }
                case AUDIT -> {}
            }
        }
        custom.addAll(deny);
        Decision otherwise = allowNames.isEmpty()
                ? NOT_DENIED
                : new Decision(
                        false,
                        "denied: no ALLOW policy matches (" + AuthorizationEngine.KIND + " "
                                + String.join(", ", allowNames) + ")");
        return new PolicySet(List.copyOf(custom), List.copyOf(allow), otherwise);
    }

    private static void add(
            List<CompiledRule> rules, AuthorizationPolicy policy, RuleCompiler compiler, boolean allowed, String why) {
        for (int i = 0; i < policy.rules().size(); i++) {
            Matcher matcher = compiler.compile(policy.rules().get(i));
            if (matcher != null) {
                String reason = (allowed ? "allowed by " : "denied by ") + AuthorizationEngine.KIND + " "
                        + policy.name() + " rule " + i + why;
                rules.add(new CompiledRule(matcher, new Decision(allowed, reason)));
            }
        }
    }

    static boolean decides(AuthorizationPolicy policy) {
        return !policy.dryRun() && policy.action() != Action.AUDIT;
    }

    Decision judge(ConnectionAttributes connection, RequestAttributes request) {
        for (int i = 0; i < refusing.size(); i++) {
            CompiledRule rule = refusing.get(i);
            if (rule.matcher().matches(connection, request)) {
                return rule.decision();
            }
        }
        for (int i = 0; i < allowing.size(); i++) {
            CompiledRule rule = allowing.get(i);
            if (rule.matcher().matches(connection, request)) {
                return rule.decision();
            }
        }
        return otherwise;
    }
}
