package io.tanja.model.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuthorizationEngineTest {
    private static final List<TrustDomain> DOMAINS = List.of(new TrustDomain("td"), new TrustDomain("old"));
    private static final Rule EVERYTHING = new Rule(List.of(), List.of(), List.of());
    private static final FakeRequest GET =
            new FakeRequest("GET", "/api/v1", "Web.test:8080", Map.of("x-team", List.of("red")));

    private static final Operation GET_ONLY =
            new Operation(Values.NONE, Values.NONE, new Values(List.of("GET"), List.of()), Values.NONE);

    private static Values any(String... values) {
        return new Values(Arrays.asList(values), List.of());
    }

    private static Values not(String... values) {
        return new Values(List.of(), Arrays.asList(values));
    }

    private static Rule from(Source source) {
        return new Rule(List.of(source), List.of(), List.of());
    }

    private static Source principals(Values v) {
        return new Source(v, Values.NONE, Values.NONE, Values.NONE, Values.NONE, Values.NONE);
    }

    private static Rule to(Values hosts, Values ports, Values methods, Values paths) {
        return new Rule(List.of(), List.of(new Operation(hosts, ports, methods, paths)), List.of());
    }

    private static Rule when(String key, Values values) {
        return new Rule(List.of(), List.of(), List.of(new Condition(key, values)));
    }

    private static AuthorizationPolicy policy(Action action, String name, Rule... rules) {
        return new AuthorizationPolicy(new NamespacedName("ns", name), action, Arrays.asList(rules), false);
    }

    private static ConnectionAttributes caller(@Nullable String principal) {
        return new ConnectionAttributes(
                principal == null ? null : SpiffeId.parsePrincipal(principal),
                IpBlock.address("10.0.0.1"),
                IpBlock.address("10.0.0.2"),
                8080,
                "outbound_.80_._.web");
    }

    private static AuthorizationEngine engine(AuthorizationPolicy... policies) {
        return AuthorizationEngine.compile(Arrays.asList(policies), DOMAINS);
    }

    private static Decision request(@Nullable String principal, AuthorizationPolicy... policies) {
        return engine(policies).request(caller(principal), GET);
    }

    private static Decision connection(@Nullable String principal, AuthorizationPolicy... policies) {
        return engine(policies).connection(caller(principal));
    }

    private static final String BOB = "td/ns/a/sa/bob";

    static Stream<Arguments> orders() {
        AuthorizationPolicy allow = policy(Action.ALLOW, "allow", EVERYTHING);
        AuthorizationPolicy allowNothing = policy(Action.ALLOW, "nothing");
        AuthorizationPolicy deny = policy(Action.DENY, "deny", EVERYTHING);
        AuthorizationPolicy denyOther = policy(Action.DENY, "other", from(principals(any("td/ns/a/sa/eve"))));
        AuthorizationPolicy audit = policy(Action.AUDIT, "audit", EVERYTHING);
        AuthorizationPolicy custom = policy(Action.CUSTOM, "custom", EVERYTHING);
        AuthorizationPolicy dryDeny =
                new AuthorizationPolicy(new NamespacedName("ns", "dry"), Action.DENY, List.of(EVERYTHING), true);
        AuthorizationPolicy dryAllow =
                new AuthorizationPolicy(new NamespacedName("ns", "dry"), Action.ALLOW, List.of(), true);
        String none = "denied: no ALLOW policy matches (AuthorizationPolicy ";
        return Stream.of(
                Arguments.of(List.of(), true, "no policy"),
                Arguments.of(List.of(audit), true, "no policy"),
                Arguments.of(List.of(dryDeny), true, "no policy"),
                Arguments.of(List.of(dryAllow), true, "no policy"),
                Arguments.of(List.of(allow), true, "allowed by AuthorizationPolicy ns/allow rule 0"),
                Arguments.of(List.of(allowNothing), false, none + "ns/nothing)"),
                Arguments.of(
                        List.of(policy(Action.ALLOW, "b"), policy(Action.ALLOW, "a")), false, none + "ns/a, ns/b)"),
                Arguments.of(List.of(allowNothing, allow), true, "allowed by AuthorizationPolicy ns/allow rule 0"),
                Arguments.of(List.of(deny), false, "denied by AuthorizationPolicy ns/deny rule 0"),
                Arguments.of(List.of(allow, deny), false, "denied by AuthorizationPolicy ns/deny rule 0"),
                Arguments.of(List.of(denyOther), true, "allowed: no DENY policy matches"),
                Arguments.of(List.of(denyOther, allowNothing), false, none + "ns/nothing)"),
                Arguments.of(List.of(denyOther, audit, allow), true, "allowed by AuthorizationPolicy ns/allow rule 0"),
                Arguments.of(
                        List.of(deny, custom, allow),
                        false,
                        "denied by AuthorizationPolicy ns/custom rule 0: CUSTOM needs an external authorizer, none is served"));
    }

    @ParameterizedTest
    @MethodSource
    void orders(List<AuthorizationPolicy> policies, boolean allowed, String reason) {
        AuthorizationEngine engine = AuthorizationEngine.compile(policies, DOMAINS);

        assertThat(engine.request(caller(BOB), GET)).isEqualTo(new Decision(allowed, reason));
        assertThat(engine.connection(caller(BOB))).isEqualTo(new Decision(allowed, reason));
        assertThat(engine.isEmpty()).isEqualTo(reason.equals("no policy"));
    }

    static Stream<Arguments> principalMatches() {
        return Stream.of(
                Arguments.of("td/ns/a/sa/bob", BOB, true),
                Arguments.of("td/ns/a/sa/bob", "old/ns/a/sa/bob", true),
                Arguments.of("old/ns/a/sa/bob", BOB, true),
                Arguments.of("cluster.local/ns/a/sa/bob", BOB, true),
                Arguments.of("cluster.local/ns/a/sa/bob", "old/ns/a/sa/bob", true),
                Arguments.of("cluster.local/ns/a/sa/bob", "cluster.local/ns/a/sa/bob", false),
                Arguments.of("other/ns/a/sa/bob", BOB, false),
                Arguments.of("other/ns/a/sa/bob", "other/ns/a/sa/bob", true),
                Arguments.of("td/ns/a/sa/bo", BOB, false),
                Arguments.of("td/ns/a/sa/bobby", BOB, false),
                Arguments.of("td/ns/a/sa/BOB", BOB, false),
                Arguments.of("td/ns/a/sa/b.b", BOB, false),
                Arguments.of("td/ns/a/*", BOB, true),
                Arguments.of("td/ns/a/*", "old/ns/a/sa/bob", false),
                Arguments.of("td/ns/a/sa/*", "old/ns/a/sa/bob", true),
                Arguments.of("td/ns/*/sa/bob", BOB, false),
                Arguments.of("*/ns/a/sa/bob", "anything/ns/a/sa/bob", true),
                Arguments.of("*/sa/bob", BOB, true),
                Arguments.of("*d/ns/a/sa/bob", BOB, true),
                Arguments.of("*d/ns/a/sa/bob", "old/ns/a/sa/bob", true),
                Arguments.of("*d/ns/a/sa/bob", "td2/ns/a/sa/bob", false),
                Arguments.of("*", BOB, true),
                Arguments.of("*", null, false),
                Arguments.of("td/ns/a/sa/bob", null, false),
                Arguments.of("*/ns/a/sa/bob", null, false));
    }

    @ParameterizedTest
    @MethodSource
    void principalMatches(String value, @Nullable String caller, boolean matches) {
        Rule positive = from(principals(any(value)));
        Rule negative = from(principals(not(value)));

        for (boolean http : new boolean[] {true, false}) {
            assertThat(judge(http, caller, policy(Action.ALLOW, "p", positive))).isEqualTo(matches);
            assertThat(judge(http, caller, policy(Action.DENY, "p", positive))).isEqualTo(!matches);
            assertThat(judge(http, caller, policy(Action.ALLOW, "p", negative))).isEqualTo(!matches);
            assertThat(judge(http, caller, policy(Action.DENY, "p", negative))).isEqualTo(matches);
        }
    }

    private static boolean judge(boolean http, @Nullable String caller, AuthorizationPolicy policy) {
        return (http ? request(caller, policy) : connection(caller, policy)).allowed();
    }

    static Stream<Arguments> requestRules() {
        Values none = Values.NONE;
        return Stream.of(
                Arguments.of(to(any("web.TEST:8080"), none, none, none), true),
                Arguments.of(to(any("web.test"), none, none, none), false),
                Arguments.of(to(any("web.test*"), none, none, none), true),
                Arguments.of(to(none, none, any("GET"), none), true),
                Arguments.of(to(none, none, any("get"), none), false),
                Arguments.of(to(none, none, any("POST", "G*"), none), true),
                Arguments.of(to(none, none, not("GET"), none), false),
                Arguments.of(to(none, none, none, any("/api/*")), true),
                Arguments.of(to(none, none, none, any("/api/{*}")), true),
                Arguments.of(to(none, none, none, any("/api/{*}/x")), false),
                Arguments.of(to(none, none, none, any("*/v1")), true),
                Arguments.of(to(none, none, none, any("/API/v1")), false),
                Arguments.of(to(none, any("8080"), any("GET"), any("/api/v1")), true),
                Arguments.of(to(none, any("80"), any("GET"), any("/api/v1")), false),
                Arguments.of(when("request.headers[X-Team]", any("red")), true),
                Arguments.of(when("request.headers[x-team]", any("*")), true),
                Arguments.of(when("request.headers[x-other]", any("*")), false),
                Arguments.of(when("request.headers[x-other]", not("*")), true),
                Arguments.of(when("request.auth.claims[iss]", any("*")), false),
                Arguments.of(when("request.auth.principal", not("*")), true),
                Arguments.of(from(new Source(none, any("*"), none, none, none, none)), false),
                Arguments.of(from(new Source(none, not("*"), none, none, none, none)), true));
    }

    @ParameterizedTest
    @MethodSource
    void requestRules(Rule rule, boolean matches) {
        boolean onlyRequests = rule.to().stream().allMatch(o -> o.ports().isEmpty());

        assertThat(request(BOB, policy(Action.ALLOW, "p", rule)).allowed()).isEqualTo(matches);
        assertThat(request(BOB, policy(Action.DENY, "p", rule)).allowed()).isEqualTo(!matches);
        // On opaque bytes ALLOW loses the rule, and DENY loses the field and so refuses more.
        assertThat(connection(BOB, policy(Action.ALLOW, "p", rule)).allowed()).isFalse();
        if (onlyRequests) {
            assertThat(connection(BOB, policy(Action.DENY, "p", rule)).allowed())
                    .isFalse();
        }
        assertThat(engine(policy(Action.DENY, "p", rule)).needsRequests()).isTrue();
    }

    static Stream<Arguments> connectionRules() {
        Values none = Values.NONE;
        return Stream.of(
                Arguments.of(from(new Source(none, none, any("a"), none, none, none)), true),
                Arguments.of(from(new Source(none, none, any("a*", "b"), none, none, none)), true),
                Arguments.of(from(new Source(none, none, any("."), none, none, none)), false),
                Arguments.of(from(new Source(none, none, not("a"), none, none, none)), false),
                Arguments.of(from(new Source(none, none, none, any("a/bob"), none, none)), true),
                Arguments.of(from(new Source(none, none, none, any("bob"), none, none)), false),
                Arguments.of(from(new Source(none, none, none, none, any("10.0.0.0/24"), none)), true),
                Arguments.of(from(new Source(none, none, none, none, not("10.0.0.1"), none)), false),
                Arguments.of(from(new Source(none, none, none, none, none, any("10.0.0.1"))), true),
                Arguments.of(from(new Source(any("*"), none, any("b"), none, none, none)), false),
                Arguments.of(to(none, any("8080"), none, none), true),
                Arguments.of(to(none, not("8080"), none, none), false),
                Arguments.of(when("destination.ip", any("10.0.0.2")), true),
                Arguments.of(when("destination.port", any("80")), false),
                Arguments.of(when("connection.sni", any("outbound_*")), true),
                Arguments.of(when("source.trustDomain", any("old")), true),
                Arguments.of(when("source.trustDomain", any("cluster.local")), false),
                Arguments.of(when("experimental.envoy.filters.a[b]", any("c")), false));
    }

    @ParameterizedTest
    @MethodSource
    void connectionRules(Rule rule, boolean matches) {
        for (boolean http : new boolean[] {true, false}) {
            assertThat(judge(http, BOB, policy(Action.ALLOW, "p", rule))).isEqualTo(matches);
            assertThat(judge(http, BOB, policy(Action.DENY, "p", rule))).isEqualTo(!matches);
        }
        assertThat(engine(policy(Action.DENY, "p", rule)).needsRequests()).isFalse();
    }

    @Test
    void anAllowPolicyOnOpaqueBytesKeepsItsOtherRules() {
        AuthorizationPolicy policy = policy(
                Action.ALLOW, "p", to(Values.NONE, Values.NONE, any("GET"), Values.NONE), from(principals(any(BOB))));

        assertThat(connection(BOB, policy)).isEqualTo(new Decision(true, "allowed by AuthorizationPolicy ns/p rule 1"));
        assertThat(connection("td/ns/a/sa/eve", policy).allowed()).isFalse();
    }

    @Test
    void aDenyRuleOnOpaqueBytesKeepsItsOtherFields() {
        AuthorizationPolicy policy = policy(Action.DENY, "p", to(Values.NONE, any("9090"), any("GET"), Values.NONE));

        assertThat(connection(BOB, policy).allowed()).isTrue();
    }

    @Test
    void aConnectionIsHopelessOnlyIfNoRequestCouldPass() {
        AuthorizationPolicy bobReads =
                policy(Action.ALLOW, "p", new Rule(List.of(principals(any(BOB))), List.of(GET_ONLY), List.of()));
        AuthorizationPolicy bobIsOut = policy(Action.DENY, "q", from(principals(any(BOB))));
        AuthorizationPolicy noWriting = policy(
                Action.DENY, "r", new Rule(List.of(principals(any(BOB))), List.of(GET_ONLY), List.of()), EVERYTHING);

        assertThat(anyRequest(BOB, bobReads).allowed()).isTrue();
        assertThat(connection(BOB, bobReads).allowed()).isFalse();
        assertThat(anyRequest("td/ns/a/sa/eve", bobReads))
                .isEqualTo(new Decision(false, "denied: no ALLOW policy matches (AuthorizationPolicy ns/p)"));
        assertThat(anyRequest(BOB, bobReads, bobIsOut))
                .isEqualTo(new Decision(false, "denied by AuthorizationPolicy ns/q rule 0"));
        // The rule that names methods need not match; the one beside it does.
        assertThat(anyRequest(BOB, noWriting))
                .isEqualTo(new Decision(false, "denied by AuthorizationPolicy ns/r rule 1"));
    }

    private static Decision anyRequest(String principal, AuthorizationPolicy... policies) {
        return AuthorizationEngine.compile(Arrays.asList(policies), DOMAINS).anyRequest(caller(principal));
    }

    @Test
    void malformedValuesNeverLetMorePass() {
        List<Rule> malformed = List.of(
                from(new Source(Values.NONE, Values.NONE, Values.NONE, Values.NONE, any("10.0.0.1", "x"), Values.NONE)),
                from(principals(any("spiffe://td/ns/a/sa/bob", "*"))),
                to(Values.NONE, any("8080", "http"), Values.NONE, Values.NONE),
                to(Values.NONE, Values.NONE, Values.NONE, any("/{**}/{*}", "/*")),
                when("no.such.key", any("x")),
                when("source.ip", Values.NONE),
                when("source.namespace", any("")));
        for (Rule rule : malformed) {
            assertThat(request(BOB, policy(Action.ALLOW, "p", rule)).allowed())
                    .as("%s", rule)
                    .isFalse();
            assertThat(request(BOB, policy(Action.DENY, "p", rule)).allowed())
                    .as("%s", rule)
                    .isFalse();
        }
    }

    @Test
    void anErrorWhileJudgingDenies() {
        RequestAttributes broken = new RequestAttributes() {
            @Override
            public String method() {
                throw new IllegalStateException("no method");
            }

            @Override
            public String path() {
                return "/";
            }

            @Override
            public String host() {
                return "";
            }

            @Override
            public List<String> header(String name) {
                return List.of();
            }
        };
        AuthorizationPolicy deny = policy(Action.DENY, "p", to(Values.NONE, Values.NONE, any("GET"), Values.NONE));

        assertThat(engine(deny).request(caller(BOB), broken))
                .isEqualTo(new Decision(false, "denied: the policies could not be evaluated"));
    }
}
