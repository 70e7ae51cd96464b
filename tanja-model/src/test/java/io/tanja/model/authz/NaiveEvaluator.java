package io.tanja.model.authz;

import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * The meaning of AuthorizationPolicy written down a second time, straight from the reference and slow: it interprets the
 * records at each request, and turns every pattern into a regular expression. The engine must agree with it.
 */
final class NaiveEvaluator {
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private final List<AuthorizationPolicy> policies;
    private final List<String> domains;
    private final ConnectionAttributes connection;
    private final RequestAttributes request;
    private final boolean http;

    NaiveEvaluator(
            List<AuthorizationPolicy> policies,
            List<TrustDomain> domains,
            ConnectionAttributes connection,
            RequestAttributes request,
            boolean http) {
        this.policies = policies;
        this.domains = domains.stream().map(TrustDomain::name).toList();
        this.connection = connection;
        this.request = request;
        this.http = http;
    }

    boolean allowed() {
        if (matches(Action.CUSTOM) || matches(Action.DENY)) {
            return false;
        }
        return deciding(Action.ALLOW).isEmpty() || matches(Action.ALLOW);
    }

    private List<AuthorizationPolicy> deciding(Action action) {
        return policies.stream()
                .filter(p -> p.action() == action && !p.dryRun())
                .toList();
    }

    private boolean matches(Action action) {
        return deciding(action).stream().anyMatch(p -> p.rules().stream().anyMatch(r -> rule(p, r)));
    }

    private boolean rule(AuthorizationPolicy policy, Rule rule) {
        boolean allow = policy.action() == Action.ALLOW;
        if (!http && allow && usesHttp(rule)) {
            return false;
        }
        boolean from = rule.from().isEmpty()
                || rule.from().stream()
                        .anyMatch(s -> field(s.principals(), this::principal)
                                && http(s.requestPrincipals(), (v, x) -> false)
                                && field(s.namespaces(), this::namespace)
                                && field(s.serviceAccounts(), v -> account(policy, v))
                                && field(s.ipBlocks(), v -> IpBlock.parse(v).contains(connection.sourceIp()))
                                && field(
                                        s.remoteIpBlocks(),
                                        v -> IpBlock.parse(v).contains(connection.sourceIp())));
        boolean to = rule.to().isEmpty()
                || rule.to().stream()
                        .anyMatch(o -> field(o.ports(), v -> Integer.parseInt(v) == connection.destinationPort())
                                && http(
                                        o.hosts(),
                                        (v, r) -> text(
                                                v.toLowerCase(Locale.ROOT),
                                                r.host().toLowerCase(Locale.ROOT)))
                                && http(o.methods(), (v, r) -> text(v, r.method()))
                                && http(o.paths(), (v, r) -> text(v, r.path())));
        return from && to && rule.when().stream().allMatch(c -> condition(policy, c));
    }

    private static boolean usesHttp(Rule rule) {
        return rule.from().stream().anyMatch(s -> !s.requestPrincipals().isEmpty())
                || rule.to().stream()
                        .anyMatch(o -> !(o.hosts().isEmpty()
                                && o.methods().isEmpty()
                                && o.paths().isEmpty()))
                || rule.when().stream().anyMatch(c -> c.key().startsWith("request."));
    }

    private boolean condition(AuthorizationPolicy policy, Condition c) {
        return switch (c.key()) {
            case "source.principal" -> field(c.values(), this::principal);
            case "source.namespace" -> field(c.values(), this::namespace);
            case "source.serviceAccount" -> field(c.values(), v -> account(policy, v));
            case "source.trustDomain" ->
                field(
                        c.values(),
                        v -> connection.source() != null
                                && (domains.contains(v)
                                        ? domains.contains(connection
                                                .source()
                                                .trustDomain()
                                                .name())
                                        : v.equals(connection
                                                .source()
                                                .trustDomain()
                                                .name())));
            case "source.ip", "remote.ip" ->
                field(c.values(), v -> IpBlock.parse(v).contains(connection.sourceIp()));
            case "destination.ip" -> field(c.values(), v -> IpBlock.parse(v).contains(connection.destinationIp()));
            case "destination.port" -> field(c.values(), v -> v.equals("" + connection.destinationPort()));
            case "connection.sni" -> field(c.values(), v -> connection.sni() != null && text(v, connection.sni()));
            case "request.headers[x-team]" -> http(c.values(), (v, r) -> header(v, r.header("x-team")));
            default -> http(c.values(), (v, r) -> false);
        };
    }

    private static boolean header(String value, List<String> found) {
        return !found.isEmpty() && (value.equals("*") || text(value, String.join(",", found)));
    }

    private boolean http(Values values, BiPredicate<String, RequestAttributes> test) {
        return !http || field(values, v -> test.test(v, request));
    }

    private static boolean field(Values values, java.util.function.Predicate<String> test) {
        return (values.any().isEmpty() || values.any().stream().anyMatch(test))
                && values.not().stream().noneMatch(test);
    }

    private static boolean text(String value, String subject) {
        return PATTERNS.computeIfAbsent(value, NaiveEvaluator::pattern)
                .matcher(subject)
                .matches();
    }

    private static Pattern pattern(String value) {
        String regex;
        if (value.equals("*")) {
            regex = ".+";
        } else if (value.startsWith("*")) {
            regex = ".*" + Pattern.quote(value.substring(1));
        } else if (value.endsWith("*")) {
            regex = Pattern.quote(value.substring(0, value.length() - 1)) + ".*";
        } else {
            regex = Pattern.quote(value);
        }
        return Pattern.compile(regex, Pattern.DOTALL);
    }

    private boolean principal(String value) {
        SpiffeId source = connection.source();
        if (source == null) {
            return false;
        }
        String[] parts = value.split("/", -1);
        boolean ours = parts.length == 5 && (parts[0].equals("cluster.local") || domains.contains(parts[0]));
        return ours
                ? domains.contains(source.trustDomain().name())
                        && text(
                                value.substring(parts[0].length()),
                                source.principal()
                                        .substring(source.trustDomain().name().length()))
                : text(value, source.principal());
    }

    private boolean namespace(String value) {
        SpiffeId source = connection.source();
        String regex = Pattern.quote(value).replace("*", "\\E.*\\Q");
        return source != null && Pattern.matches(regex, source.namespace());
    }

    private boolean account(AuthorizationPolicy policy, String value) {
        SpiffeId source = connection.source();
        String full = value.contains("/") ? value : policy.name().namespace() + "/" + value;
        return source != null && full.equals(source.namespace() + "/" + source.serviceAccount());
    }
}
