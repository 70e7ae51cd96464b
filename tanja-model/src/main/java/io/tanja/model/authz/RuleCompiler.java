package io.tanja.model.authz;

import io.tanja.model.authz.AuthorizationPolicy.Action;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a rule into one matcher, for one scope.
 *
 * <p>What cannot be evaluated (a field of requests on an opaque connection, a malformed value) must never let more pass:
 * in ALLOW the whole rule is dropped, elsewhere only the value is, which makes the rule wider. Follows
 * {@code checkError} of Istio's {@code authz/model/model.go}. In {@link Scope#ANY_REQUEST} it is the other way round for the
 * fields of requests: some request may match them in ALLOW, and none need match them elsewhere.
 */
final class RuleCompiler {
    private static final String HEADERS = "request.headers[";
    private static final String CLAIMS = "request.auth.claims[";
    private static final String METADATA = "experimental.envoy.filters.";
    private static final Matcher NEVER = (c, r) -> false;

    private final AuthorizationPolicy policy;
    private final TrustDomainAliases aliases;
    private final Scope scope;

    RuleCompiler(AuthorizationPolicy policy, TrustDomainAliases aliases, Scope scope) {
        this.policy = policy;
        this.aliases = aliases;
        this.scope = scope;
    }

    /** Makes the test of one value; throws IllegalArgumentException if it cannot be evaluated. */
    @FunctionalInterface
    private interface ValueCompiler {
        Matcher compile(String value);
    }

    /** A field of requests where there is no request. */
    private static final class NoRequestException extends IllegalArgumentException {
        NoRequestException() {
            super("there is no request to look at");
        }
    }

    /** The matcher of a rule, or null if the rule is dropped. */
    @Nullable
    Matcher compile(Rule rule) {
        try {
            List<Matcher> parts = new ArrayList<>();
            if (!rule.from().isEmpty()) {
                parts.add(Matcher.any(rule.from().stream().map(this::source).toList()));
            }
            if (!rule.to().isEmpty()) {
                parts.add(Matcher.any(rule.to().stream().map(this::operation).toList()));
            }
            for (Condition condition : rule.when()) {
                condition(parts, condition);
            }
            return Matcher.all(parts);
        } catch (IllegalArgumentException e) {
            // A malformed value gets here in ALLOW only; validation has told the author, the engine's part is to not
            // allow.
            return null;
        }
    }

    private Matcher source(Source source) {
        List<Matcher> parts = new ArrayList<>();
        field(parts, source.principals(), v -> SourceMatchers.principal(v, aliases));
        field(parts, source.requestPrincipals(), ofRequests(v -> NEVER));
        field(parts, source.namespaces(), SourceMatchers::namespace);
        field(parts, source.serviceAccounts(), this::serviceAccount);
        field(parts, source.ipBlocks(), SourceMatchers::sourceIp);
        field(parts, source.remoteIpBlocks(), SourceMatchers::sourceIp);
        return Matcher.all(parts);
    }

    private Matcher operation(Operation operation) {
        List<Matcher> parts = new ArrayList<>();
        field(parts, operation.hosts(), ofRequests(RequestMatchers::host));
        field(parts, operation.methods(), ofRequests(RequestMatchers::method));
        field(parts, operation.paths(), ofRequests(RequestMatchers::path));
        field(parts, operation.ports(), RequestMatchers::port);
        return Matcher.all(parts);
    }

    private void condition(List<Matcher> parts, Condition condition) {
        if (condition.values().isEmpty() && policy.action() == Action.ALLOW) {
            throw new IllegalArgumentException("a condition needs values");
        }
        field(parts, condition.values(), attribute(condition.key()));
    }

    private ValueCompiler attribute(String key) {
        return switch (key) {
            case "source.ip", "remote.ip" -> SourceMatchers::sourceIp;
            case "source.namespace" -> SourceMatchers::namespace;
            case "source.principal" -> v -> SourceMatchers.principal(v, aliases);
            case "source.serviceAccount" -> this::serviceAccount;
            case "source.trustDomain" -> v -> SourceMatchers.trustDomain(v, aliases);
            case "destination.ip" -> RequestMatchers::destinationIp;
            case "destination.port" -> RequestMatchers::port;
            case "connection.sni" -> RequestMatchers::sni;
            // Tokens are not read yet: no request has any of these.
            case "request.auth.principal", "request.auth.audiences", "request.auth.presenter" -> ofRequests(v -> NEVER);
            default -> named(key);
        };
    }

    private ValueCompiler named(String key) {
        if (key.startsWith(HEADERS) && key.endsWith("]") && key.length() > HEADERS.length() + 1) {
            String name = key.substring(HEADERS.length(), key.length() - 1);
            return ofRequests(v -> RequestMatchers.header(name, v));
        }
        if (key.startsWith(CLAIMS) && key.endsWith("]")) {
            return ofRequests(v -> NEVER);
        }
        if (key.startsWith(METADATA) && key.endsWith("]")) {
            return v -> NEVER;
        }
        return v -> {
            throw new IllegalArgumentException("unknown attribute");
        };
    }

    private Matcher serviceAccount(String value) {
        return SourceMatchers.serviceAccount(value, policy.name().namespace());
    }

    private ValueCompiler ofRequests(ValueCompiler compiler) {
        return scope == Scope.REQUESTS
                ? compiler
                : v -> {
                    throw new NoRequestException();
                };
    }

    private void field(List<Matcher> parts, Values values, ValueCompiler compiler) {
        List<Matcher> any = each(values.any(), compiler);
        if (!any.isEmpty()) {
            parts.add(Matcher.any(any));
        }
        List<Matcher> not = each(values.not(), compiler);
        if (!not.isEmpty()) {
            parts.add(Matcher.any(not).negated());
        }
    }

    private List<Matcher> each(List<String> values, ValueCompiler compiler) {
        List<Matcher> matchers = new ArrayList<>();
        for (String value : values) {
            try {
                matchers.add(compiler.compile(value));
            } catch (IllegalArgumentException e) {
                if (dropsRule(e)) {
                    throw e;
                }
            }
        }
        return matchers;
    }

    private boolean dropsRule(IllegalArgumentException e) {
        boolean allows = policy.action() == Action.ALLOW;
        return scope == Scope.ANY_REQUEST && e instanceof NoRequestException ? !allows : allows;
    }
}
