package io.tanja.model.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RandomPoliciesTest {
    private static final long SEED = 20261123;
    private static final int POLICY_SETS = 17_000;
    private static final int REQUESTS = 12;

    private final Random random = new Random(SEED);

    @Test
    void theEngineAgreesWithTheNaiveReading() {
        int[][] verdicts = new int[2][2];
        int hopeless = 0;
        for (int i = 0; i < POLICY_SETS; i++) {
            List<TrustDomain> domains = random.nextBoolean()
                    ? List.of(TrustDomain.CLUSTER_LOCAL)
                    : List.of(new TrustDomain("td.example"), new TrustDomain("old.example"));
            List<AuthorizationPolicy> policies = list(3, this::policy);
            AuthorizationEngine engine = AuthorizationEngine.compile(policies, domains);
            for (int j = 0; j < REQUESTS; j++) {
                ConnectionAttributes connection = connection();
                FakeRequest request = request();
                if (!engine.anyRequest(connection).allowed()) {
                    hopeless++;
                    assertThat(engine.request(connection, request).allowed())
                            .as("seed %s set %s request %s: %s", SEED, i, j, policies)
                            .isFalse();
                }
                boolean http = random.nextInt(4) > 0;
                Decision decision = http ? engine.request(connection, request) : engine.connection(connection);
                boolean expected = new NaiveEvaluator(policies, domains, connection, request, http).allowed();
                verdicts[http ? 1 : 0][expected ? 1 : 0]++;
                if (decision.allowed() != expected) {
                    assertThat(decision.allowed())
                            .as(
                                    "seed %s set %s request %s: %s %s %s %s",
                                    SEED, i, j, policies, domains, connection, http ? request : "opaque")
                            .isEqualTo(expected);
                }
            }
        }
        assertThat(hopeless).isGreaterThan(5_000);
        // Both verdicts must be common at both layers, or the comparison says little.
        for (int[] layer : verdicts) {
            assertThat(layer[0]).isGreaterThan(5_000);
            assertThat(layer[1]).isGreaterThan(5_000);
        }
        assertThat(verdicts[0][0] + verdicts[0][1] + verdicts[1][0] + verdicts[1][1])
                .isEqualTo(POLICY_SETS * REQUESTS);
    }

    private AuthorizationPolicy policy() {
        Action action =
                pick(Action.ALLOW, Action.ALLOW, Action.ALLOW, Action.DENY, Action.DENY, Action.AUDIT, Action.CUSTOM);
        return new AuthorizationPolicy(
                new NamespacedName(pick("a", "b"), "p" + random.nextInt(100)),
                action,
                list(3, this::rule),
                random.nextInt(10) == 0);
    }

    private Rule rule() {
        return new Rule(list(2, this::source), list(2, this::operation), list(2, this::condition));
    }

    private Source source() {
        return new Source(
                sometimes(this::principal),
                rarely(() -> pick("*", "iss/sub")),
                sometimes(this::namespace),
                rarely(this::account),
                rarely(this::block),
                rarely(this::block));
    }

    private Operation operation() {
        return new Operation(
                rarely(() -> pick("web.test", "WEB.test:80", "*.test", "web*", "*")),
                sometimes(() -> pick("80", "8080", "443")),
                sometimes(() -> pick("GET", "POST", "*", "G*", "*T")),
                sometimes(() -> pick("/", "/a", "/a*", "*b", "*", "/a/b", "/x*y")));
    }

    private Condition condition() {
        return switch (random.nextInt(10)) {
            case 0 -> new Condition("source.principal", values(this::principal));
            case 1 -> new Condition("source.namespace", values(this::namespace));
            case 2 -> new Condition("source.serviceAccount", values(this::account));
            case 3 ->
                new Condition("source.trustDomain", values(() -> pick("td.example", "cluster.local", "x.example")));
            case 4 -> new Condition(pick("source.ip", "remote.ip", "destination.ip"), values(this::block));
            case 5 -> new Condition("destination.port", values(() -> pick("80", "8080")));
            case 6 -> new Condition("connection.sni", values(() -> pick("s.test", "*.test", "s*", "*")));
            case 7 -> new Condition("request.auth.claims[iss]", values(() -> "x"));
            default -> new Condition("request.headers[x-team]", values(() -> pick("red", "r*", "*e", "*", "red,blue")));
        };
    }

    private String principal() {
        String domain = pick("cluster.local", "td.example", "old.example", "x.example");
        return switch (random.nextInt(6)) {
            case 0 -> "*";
            case 1 -> "*/ns/" + pick("a", "b") + "/sa/" + pick("s", "t");
            case 2 -> domain + "/ns/" + pick("a", "b") + "/*";
            case 3 -> domain + "/ns/" + pick("a", "b") + "/sa/*";
            default -> domain + "/ns/" + pick("a", "b", "ab") + "/sa/" + pick("s", "t");
        };
    }

    private String namespace() {
        return pick("a", "b", "ab", "a*", "*b", "*", "a*b", "A");
    }

    private String account() {
        return pick("s", "t", "a/s", "b/t", "ab/s");
    }

    private String block() {
        return pick("10.0.0.1", "10.0.0.0/31", "10.0.0.0/8", "fd00::/8", "0.0.0.0/0");
    }

    private ConnectionAttributes connection() {
        SpiffeId source = random.nextInt(4) == 0
                ? null
                : new SpiffeId(
                        new TrustDomain(pick("cluster.local", "td.example", "old.example", "x.example")),
                        pick("a", "b", "ab", "acb"),
                        pick("s", "t"));
        return new ConnectionAttributes(
                source,
                IpBlock.address(pick("10.0.0.1", "10.0.0.3", "10.9.9.9", "fd00::1")),
                IpBlock.address(pick("10.0.0.1", "fd00::1")),
                random.nextBoolean() ? 80 : 8080,
                random.nextBoolean() ? null : pick("s.test", "t.test", "other"));
    }

    private FakeRequest request() {
        Map<String, List<String>> headers = switch (random.nextInt(4)) {
            case 0 -> Map.of("x-team", List.of("red"));
            case 1 -> Map.of("x-team", List.of("red", "blue"));
            case 2 -> Map.of("x-team", List.of(""));
            default -> Map.of();
        };
        return new FakeRequest(
                pick("GET", "POST", "get"),
                pick("/", "/a", "/ab", "/a/b", "/b", "/x*y"),
                pick("web.test", "Web.Test:80", "other", ""),
                headers);
    }

    private Values sometimes(Supplier<String> value) {
        return random.nextInt(3) == 0 ? values(value) : Values.NONE;
    }

    private Values rarely(Supplier<String> value) {
        return random.nextInt(8) == 0 ? values(value) : Values.NONE;
    }

    /** At least one value, in the field or its negation. */
    private Values values(Supplier<String> value) {
        List<String> any = list(3, value);
        List<String> not = random.nextInt(3) == 0 || any.isEmpty() ? List.of(value.get()) : List.of();
        return new Values(any, not);
    }

    private <T> List<T> list(int bound, Supplier<T> item) {
        List<T> items = new ArrayList<>();
        for (int i = random.nextInt(bound); i > 0; i--) {
            items.add(item.get());
        }
        return items;
    }

    @SafeVarargs
    private final <T> T pick(T... options) {
        return options[random.nextInt(options.length)];
    }
}
