package io.tanja.xds.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.authz.AuthorizationPolicy.Action;
import io.tanja.model.authz.Condition;
import io.tanja.model.authz.Operation;
import io.tanja.model.authz.Rule;
import io.tanja.model.authz.Source;
import io.tanja.model.authz.Values;
import io.tanja.model.identity.NamespacedName;
import io.tanja.xds.proto.istio.security.Authorization;
import io.tanja.xds.proto.istio.security.Match;
import io.tanja.xds.proto.istio.security.Scope;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Layer4EncoderTest {
    private static final Values NONE = Values.NONE;

    private static Values any(String... values) {
        return new Values(List.of(values), List.of());
    }

    private static Source from(Values principals, Values namespaces, Values accounts, Values ips) {
        return new Source(principals, NONE, namespaces, accounts, ips, NONE);
    }

    private static Operation to(Values ports, Values methods) {
        return new Operation(NONE, ports, methods, NONE);
    }

    private static Layer4Policy encode(Action action, Rule... rules) {
        return Layer4Encoder.encode(
                new AuthorizationPolicy(new NamespacedName("ns", "p"), action, List.of(rules), false), Scope.NAMESPACE);
    }

    private static Authorization sent(Layer4Policy policy) {
        return Objects.requireNonNull(policy.authorization());
    }

    @Test
    void expressesEveryLayer4Field() {
        Source source = from(
                new Values(List.of("cluster.local/ns/a/sa/b", "*/sa/x", "cluster.local/*", "*"), List.of("no")),
                any("dev-*"),
                any("a/b", "c"),
                new Values(List.of("10.0.0.0/8", "2001:db8::1"), List.of("10.1.0.0/16")));
        Layer4Policy policy = encode(Action.ALLOW, new Rule(List.of(source), List.of(to(any("80"), NONE)), List.of()));
        assertThat(policy.notes()).isEmpty();
        Authorization sent = sent(policy);
        assertThat(sent.getName()).isEqualTo("p");
        assertThat(sent.getNamespace()).isEqualTo("ns");
        assertThat(sent.getScope()).isEqualTo(Scope.NAMESPACE);
        assertThat(sent.getRules(0).getClausesCount()).isEqualTo(2);
        Match match = sent.getRules(0).getClauses(0).getMatches(0);
        assertThat(match.getPrincipals(0).getExact()).isEqualTo("cluster.local/ns/a/sa/b");
        assertThat(match.getPrincipals(1).getSuffix()).isEqualTo("/sa/x");
        assertThat(match.getPrincipals(2).getPrefix()).isEqualTo("cluster.local/");
        assertThat(match.getPrincipals(3).hasPresence()).isTrue();
        assertThat(match.getNotPrincipals(0).getExact()).isEqualTo("no");
        assertThat(match.getNamespaces(0).getPrefix()).isEqualTo("dev-");
        assertThat(match.getServiceAccounts(0).getNamespace()).isEqualTo("a");
        assertThat(match.getServiceAccounts(1).getNamespace()).isEqualTo("ns");
        assertThat(match.getServiceAccounts(1).getServiceAccount()).isEqualTo("c");
        assertThat(match.getSourceIps(0).getLength()).isEqualTo(8);
        assertThat(match.getSourceIps(1).getAddress().size()).isEqualTo(16);
        assertThat(match.getSourceIps(1).getLength()).isEqualTo(128);
        assertThat(match.getNotSourceIps(0).getLength()).isEqualTo(16);
        assertThat(sent.getRules(0).getClauses(1).getMatches(0).getDestinationPortsList())
                .containsExactly(80);
    }

    @Test
    void httpDropsTheWholeRuleOfAllow() {
        Rule http = new Rule(List.of(), List.of(to(any("80"), any("GET"))), List.of());
        Rule tcp = new Rule(List.of(), List.of(to(any("90"), NONE)), List.of());
        Layer4Policy policy = encode(Action.ALLOW, http, tcp);
        assertThat(sent(policy).getRulesList()).hasSize(1);
        assertThat(sent(policy).getRules(0).getClauses(0).getMatches(0).getDestinationPortsList())
                .containsExactly(90);
        assertThat(policy.notes()).singleElement().asString().contains("rules[0] is left out", "methods");
    }

    @Test
    void httpDropsOnlyTheFieldOfDeny() {
        Rule rule = new Rule(List.of(), List.of(to(any("80"), any("GET"))), List.of());
        Layer4Policy policy = encode(Action.DENY, rule);
        Match match = sent(policy).getRules(0).getClauses(0).getMatches(0);
        assertThat(match.getDestinationPortsList()).containsExactly(80);
        assertThat(policy.notes()).singleElement().asString().contains("enforced without", "methods");
    }

    @Test
    void emptiedDenyStaysAMatchOfNothing() {
        Rule rule = new Rule(List.of(), List.of(to(NONE, any("GET"))), List.of());
        assertThat(sent(encode(Action.DENY, rule)).getRules(0).getClauses(0).getMatchesList())
                .containsExactly(Match.getDefaultInstance());
    }

    @Test
    void aSourceWithoutFieldsRestrictsNothing() {
        Rule rule = new Rule(List.of(from(NONE, NONE, NONE, NONE)), List.of(), List.of());
        assertThat(sent(encode(Action.DENY, rule)).getRules(0).getClausesList()).isEmpty();
    }

    @Test
    void conditionsAreClauses() {
        Rule rule = new Rule(
                List.of(),
                List.of(),
                List.of(
                        new Condition("source.namespace", any("a")),
                        new Condition("destination.ip", any("10.0.0.1")),
                        new Condition("destination.port", new Values(List.of(), List.of("8080")))));
        Authorization sent = sent(encode(Action.ALLOW, rule));
        assertThat(sent.getRules(0).getClausesCount()).isEqualTo(3);
        assertThat(sent.getRules(0)
                        .getClauses(1)
                        .getMatches(0)
                        .getDestinationIps(0)
                        .getLength())
                .isEqualTo(32);
        assertThat(sent.getRules(0).getClauses(2).getMatches(0).getNotDestinationPortsList())
                .containsExactly(8080);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0", "127.1", "host.example", "10.0.0.0/x", "", "fe80::1%1", "1/-1"})
    void unreadableAddressesCountAsHttp(String block) {
        Rule rule = new Rule(List.of(from(NONE, NONE, NONE, any("10.0.0.1", block))), List.of(), List.of());
        assertThat(sent(encode(Action.ALLOW, rule)).getRulesList()).isEmpty();
        assertThat(sent(encode(Action.DENY, rule)).getRules(0).getClauses(0).getMatches(0))
                .as("half a list would mean something else")
                .isEqualTo(Match.getDefaultInstance());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "http", "-1"})
    void unreadablePortsCountAsHttp(String port) {
        Rule rule = new Rule(List.of(), List.of(to(any(port), NONE)), List.of());
        assertThat(sent(encode(Action.ALLOW, rule)).getRulesList()).isEmpty();
    }

    @Test
    void noRulesNeverMatchAndAnEmptyRuleAlwaysDoes() {
        assertThat(sent(encode(Action.ALLOW)).getRulesList()).isEmpty();
        Rule all = new Rule(List.of(), List.of(), List.of());
        assertThat(sent(encode(Action.ALLOW, all)).getRulesList()).hasSize(1);
    }

    @Test
    void otherActionsDoNotExistAtLayer4() {
        for (Action action : List.of(Action.AUDIT, Action.CUSTOM)) {
            assertThat(encode(action).authorization()).isNull();
            assertThat(encode(action).notes()).singleElement().asString().contains(action.name());
        }
    }
}
