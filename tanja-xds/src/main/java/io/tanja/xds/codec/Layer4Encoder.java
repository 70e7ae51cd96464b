package io.tanja.xds.codec;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.authz.Condition;
import io.tanja.model.authz.Operation;
import io.tanja.model.authz.Rule;
import io.tanja.model.authz.Source;
import io.tanja.model.authz.Values;
import io.tanja.xds.proto.istio.security.Action;
import io.tanja.xds.proto.istio.security.Authorization;
import io.tanja.xds.proto.istio.security.Clause;
import io.tanja.xds.proto.istio.security.Match;
import io.tanja.xds.proto.istio.security.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes AuthorizationPolicies for layer-4 clients, as Istio's {@code
 * pilot/pkg/serviceregistry/ambient/authorization.go} does: what only HTTP knows drops the whole rule from ALLOW (which
 * then allows less), and only the field from DENY; a match of DENY that is emptied by it matches nothing. Values that
 * cannot be read count as HTTP-only.
 */
public final class Layer4Encoder {
    private final AuthorizationPolicy policy;
    private final List<String> notes = new ArrayList<>();

    private Layer4Encoder(AuthorizationPolicy policy) {
        this.policy = policy;
    }

    /**
     * Encodes a policy.
     *
     * @param scope the whole mesh, the policy's namespace, or only workloads that name the policy
     */
    public static Layer4Policy encode(AuthorizationPolicy policy, Scope scope) {
        return new Layer4Encoder(policy).encode(scope);
    }

    private Layer4Policy encode(Scope scope) {
        Action action = switch (policy.action()) {
            case ALLOW -> Action.ALLOW;
            case DENY -> Action.DENY;
            case AUDIT, CUSTOM -> null;
        };
        if (action == null) {
            return new Layer4Policy(null, List.of("action " + policy.action() + " does not exist at layer 4"));
        }
        Authorization.Builder out = Authorization.newBuilder()
                .setName(policy.name().name())
                .setNamespace(policy.name().namespace())
                .setScope(scope)
                .setAction(action)
                .setDryRun(policy.dryRun());
        for (int i = 0; i < policy.rules().size(); i++) {
            io.tanja.xds.proto.istio.security.Rule rule =
                    rule("rules[" + i + "]", policy.rules().get(i));
            if (rule != null) {
                out.addRules(rule);
            }
        }
        return new Layer4Policy(out.build(), notes);
    }

    private io.tanja.xds.proto.istio.security.@Nullable Rule rule(String path, Rule rule) {
        List<String> lost = new ArrayList<>();
        var out = io.tanja.xds.proto.istio.security.Rule.newBuilder();
        List<Match> matches = new ArrayList<>();
        for (Source source : rule.from()) {
            matches.add(match(source, lost));
        }
        boolean anySource = rule.from().stream().anyMatch(Layer4Encoder::unrestricted);
        if (!matches.isEmpty() && !anySource) {
            out.addClauses(Clause.newBuilder().addAllMatches(matches));
        }
        matches.clear();
        for (Operation operation : rule.to()) {
            matches.add(match(operation, lost));
        }
        boolean anyOperation = rule.to().stream().anyMatch(Layer4Encoder::unrestricted);
        if (!matches.isEmpty() && !anyOperation) {
            out.addClauses(Clause.newBuilder().addAllMatches(matches));
        }
        for (Condition condition : rule.when()) {
            out.addClauses(Clause.newBuilder().addMatches(match(condition, lost)));
        }
        if (lost.isEmpty()) {
            return out.build();
        }
        boolean allow = policy.action() == AuthorizationPolicy.Action.ALLOW;
        notes.add(path + (allow ? " is left out" : " is enforced without them") + ", layer 4 cannot judge "
                + String.join(", ", lost));
        return allow ? null : out.build();
    }

    private Match match(Source source, List<String> lost) {
        Layer4Match out = new Layer4Match(policy.name().namespace(), lost);
        out.principals("principals", source.principals());
        out.namespaces("namespaces", source.namespaces());
        out.serviceAccounts("serviceAccounts", source.serviceAccounts());
        out.sourceIps("ipBlocks", source.ipBlocks());
        out.unsupported("requestPrincipals", source.requestPrincipals());
        out.unsupported("remoteIpBlocks", source.remoteIpBlocks());
        return out.build();
    }

    private Match match(Operation operation, List<String> lost) {
        Layer4Match out = new Layer4Match(policy.name().namespace(), lost);
        out.ports("ports", operation.ports());
        out.unsupported("hosts", operation.hosts());
        out.unsupported("methods", operation.methods());
        out.unsupported("paths", operation.paths());
        return out.build();
    }

    private Match match(Condition condition, List<String> lost) {
        Layer4Match out = new Layer4Match(policy.name().namespace(), lost);
        String key = condition.key();
        Values values = condition.values();
        switch (key) {
            case "source.principal" -> out.principals(key, values);
            case "source.namespace" -> out.namespaces(key, values);
            case "source.serviceAccount" -> out.serviceAccounts(key, values);
            case "source.ip" -> out.sourceIps(key, values);
            case "destination.ip" -> out.destinationIps(key, values);
            case "destination.port" -> out.ports(key, values);
            default -> lost.add(key);
        }
        return out.build();
    }

    private static boolean unrestricted(Source source) {
        return source.principals().isEmpty()
                && source.requestPrincipals().isEmpty()
                && source.namespaces().isEmpty()
                && source.serviceAccounts().isEmpty()
                && source.ipBlocks().isEmpty()
                && source.remoteIpBlocks().isEmpty();
    }

    private static boolean unrestricted(Operation operation) {
        return operation.hosts().isEmpty()
                && operation.ports().isEmpty()
                && operation.methods().isEmpty()
                && operation.paths().isEmpty();
    }
}
