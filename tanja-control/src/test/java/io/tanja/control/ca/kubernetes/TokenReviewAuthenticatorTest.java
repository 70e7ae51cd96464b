package io.tanja.control.ca.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatusBuilder;
import io.tanja.control.ca.AuthenticationResult;
import io.tanja.control.ca.CallerCredentials;
import io.tanja.control.ca.PodReference;
import io.tanja.control.watch.FakeApiServer;
import io.tanja.control.watch.Json;
import io.tanja.model.ManualClock;
import io.tanja.model.identity.TrustDomain;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenReviewAuthenticatorTest {
    private static final String USER = "system:serviceaccount:test:web";
    private static final List<String> GROUPS = List.of("system:serviceaccounts", "system:authenticated");
    private static final Map<String, List<String>> POD = Map.of(
            "authentication.kubernetes.io/pod-name", List.of("web-1"),
            "authentication.kubernetes.io/pod-uid", List.of("u-1"));
    private static final CallerCredentials TOKEN = new CallerCredentials("a-token", "10.0.0.1");

    private final ManualClock clock = ManualClock.at("2026-11-23T06:00:00Z");

    private static TokenReviewStatus status(
            boolean good, List<String> audiences, String user, List<String> groups, Map<String, List<String>> extra) {
        return new TokenReviewStatusBuilder()
                .withAuthenticated(good)
                .withAudiences(audiences)
                .withNewUser()
                .withUsername(user)
                .withGroups(groups)
                .withExtra(extra)
                .endUser()
                .build();
    }

    private static TokenReviewStatus good() {
        return status(true, List.of("istio-ca"), USER, GROUPS, POD);
    }

    private AuthenticationResult authenticate(TokenReviews reviews) {
        return new TokenReviewAuthenticator(reviews, TrustDomain.CLUSTER_LOCAL, clock.nanoTime()).authenticate(TOKEN);
    }

    private static String reason(AuthenticationResult result) {
        return result instanceof AuthenticationResult.Refused refused ? refused.reason() : "not refused";
    }

    @Test
    void givesTheAccountAndThePodOfAGoodToken() {
        assertThat(authenticate((token, audience) -> good()))
                .isInstanceOfSatisfying(AuthenticationResult.Authenticated.class, result -> {
                    assertThat(result.caller().identity()).hasToString("spiffe://cluster.local/ns/test/sa/web");
                    assertThat(result.caller().pod()).isEqualTo(new PodReference("web-1", "u-1"));
                });
    }

    static Stream<Arguments> bad() {
        List<String> istio = List.of("istio-ca");
        Map<String, List<String>> noUid = Map.of("authentication.kubernetes.io/pod-name", List.of("web-1"));
        return Stream.of(
                Arguments.of(status(false, istio, USER, GROUPS, POD), "refuses the token"),
                Arguments.of(new TokenReviewStatus(), "refuses the token"),
                Arguments.of(status(true, List.of(), USER, GROUPS, POD), "expected istio-ca"),
                Arguments.of(status(true, List.of("api"), USER, GROUPS, POD), "expected istio-ca"),
                Arguments.of(status(true, istio, USER, List.of("system:masters"), POD), "not of a service account"),
                Arguments.of(status(true, istio, "admin", GROUPS, POD), "expected a user system:serviceaccount"),
                Arguments.of(status(true, istio, USER + ":x", GROUPS, POD), "expected a user system:serviceaccount"),
                Arguments.of(status(true, istio, "system:serviceaccount:a/b:c", GROUPS, POD), "is no service account"),
                Arguments.of(status(true, istio, USER, GROUPS, Map.of()), "not bound to a pod"),
                Arguments.of(status(true, istio, USER, GROUPS, noUid), "not bound to a pod"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesEverythingElseAndSaysWhy(TokenReviewStatus status, String why) {
        assertThat(reason(authenticate((token, audience) -> status))).contains(why);
    }

    @Test
    void refusesWithoutATokenAndWhenNobodyCanReviewIt() {
        TokenReviewAuthenticator authenticator = new TokenReviewAuthenticator(
                (token, audience) -> {
                    throw new IllegalStateException("timed\nout");
                },
                TrustDomain.CLUSTER_LOCAL,
                clock.nanoTime());

        assertThat(reason(authenticator.authenticate(new CallerCredentials(null, "p"))))
                .contains("no bearer token");
        assertThat(reason(authenticator.authenticate(TOKEN)))
                .contains("timed")
                .doesNotContain("\n")
                .contains("tokenreviews");
    }

    @Test
    void remembersAGoodTokenForAMomentAndABadOneNever() {
        AtomicInteger asked = new AtomicInteger();
        Map<String, TokenReviewStatus> answers = new HashMap<>();
        answers.put("now", new TokenReviewStatus());
        TokenReviewAuthenticator authenticator = new TokenReviewAuthenticator(
                (token, audience) -> {
                    asked.incrementAndGet();
                    return answers.getOrDefault("now", good());
                },
                TrustDomain.CLUSTER_LOCAL,
                clock.nanoTime());

        authenticator.authenticate(TOKEN);
        authenticator.authenticate(TOKEN);
        assertThat(asked).as("refusals are asked again").hasValue(2);
        answers.put("now", good());
        authenticator.authenticate(TOKEN);
        authenticator.authenticate(TOKEN);
        assertThat(asked).hasValue(3);
        authenticator.authenticate(new CallerCredentials("another", "p"));
        assertThat(asked).hasValue(4);
        answers.put("now", new TokenReviewStatus());
        clock.advance(Duration.ofSeconds(10));
        assertThat(reason(authenticator.authenticate(TOKEN))).contains("refuses the token");
    }

    @Test
    void asksTheApiServerForTheAudienceOfTheMesh() throws Exception {
        try (FakeApiServer server = new FakeApiServer()) {
            server.answer("apis/authentication.k8s.io/v1/tokenreviews", review -> {
                Map<String, Object> spec = Json.map(review, "spec");
                boolean ours = "a-token".equals(spec.get("token"))
                        && List.of("istio-ca").equals(spec.get("audiences"));
                Map<String, Object> answer = new HashMap<>(review);
                answer.put(
                        "status",
                        Map.of(
                                "authenticated",
                                ours,
                                "audiences",
                                List.of("istio-ca"),
                                "user",
                                Map.of("username", USER, "groups", GROUPS, "extra", POD)));
                return answer;
            });

            assertThat(authenticate(TokenReviewAuthenticator.by(server.client())))
                    .isInstanceOf(AuthenticationResult.Authenticated.class);
        }
    }
}
