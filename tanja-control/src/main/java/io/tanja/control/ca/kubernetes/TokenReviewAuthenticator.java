package io.tanja.control.ca.kubernetes;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.control.ca.AuthenticationResult;
import io.tanja.control.ca.Authenticator;
import io.tanja.control.ca.Caller;
import io.tanja.control.ca.CallerCredentials;
import io.tanja.control.ca.PodReference;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Authenticates by a pod's projected token that the API server reviews (Istio, {@code
 * security/pkg/k8s/tokenreview/k8sauthn.go}). Unlike Istio it insists that the token is bound to a pod: that is what ends
 * with the pod.
 *
 * <p>Safe for use by several threads.
 */
public final class TokenReviewAuthenticator implements Authenticator {
    /** The audience that Istio's agents ask for. */
    public static final String AUDIENCE = "istio-ca";

    private static final String SUBJECT_PREFIX = "system:serviceaccount:";
    private static final String GROUP = "system:serviceaccounts";
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

    private final TokenReviews reviews;
    private final TrustDomain trustDomain;
    private final ReviewedTokens known;

    /**
     * @param trustDomain which identities are made of
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public TokenReviewAuthenticator(TokenReviews reviews, TrustDomain trustDomain, LongSupplier nanoTime) {
        this.reviews = reviews;
        this.trustDomain = trustDomain;
        this.known = new ReviewedTokens(nanoTime);
    }

    /** Reviews by the API server. */
    public static TokenReviews by(KubernetesClient client) {
        return (token, audience) -> {
            TokenReviewStatus status = client.tokenReviews()
                    .create(new TokenReviewBuilder()
                            .withNewSpec()
                            .withToken(token)
                            .withAudiences(audience)
                            .endSpec()
                            .build())
                    .getStatus();
            return Objects.requireNonNull(status, "the review has no status");
        };
    }

    @Override
    public AuthenticationResult authenticate(CallerCredentials credentials) {
        String token = credentials.bearerToken();
        if (token == null) {
            return refused("the call has no bearer token; mount one with the audience " + AUDIENCE);
        }
        AuthenticationResult.Authenticated before = known.get(token);
        if (before != null) {
            return before;
        }
        AuthenticationResult result;
        try {
            result = judge(reviews.review(token, AUDIENCE));
        } catch (RuntimeException e) {
            return refused(
                    "the API server could not review the token: " + Quote.printable(String.valueOf(e.getMessage()))
                            + "; allow the control plane to create tokenreviews");
        }
        if (result instanceof AuthenticationResult.Authenticated good) {
            known.put(token, good);
        }
        return result;
    }

    private AuthenticationResult judge(TokenReviewStatus status) {
        if (!Boolean.TRUE.equals(status.getAuthenticated())) {
            return refused("the API server refuses the token: "
                    + Quote.printable(status.getError() == null ? "it gives no reason" : status.getError()));
        }
        List<String> audiences = status.getAudiences();
        if (audiences == null || !audiences.contains(AUDIENCE)) {
            return refused("the token is for " + Quote.printable(String.valueOf(audiences)) + ", expected " + AUDIENCE);
        }
        UserInfo user = status.getUser();
        if (user == null || user.getGroups() == null || !user.getGroups().contains(GROUP)) {
            return refused("the token is not of a service account");
        }
        String name = String.valueOf(user.getUsername());
        String[] names = name.startsWith(SUBJECT_PREFIX)
                ? name.substring(SUBJECT_PREFIX.length()).split(":", -1)
                : new String[0];
        if (names.length != 2) {
            return refused("expected a user system:serviceaccount:<namespace>:<name>, got " + Quote.printable(name));
        }
        String pod = extra(user, POD_NAME);
        String uid = extra(user, POD_UID);
        if (pod.isEmpty() || uid.isEmpty()) {
            return refused("the token of " + Quote.printable(name)
                    + " is not bound to a pod; use the projected token of a pod's volume");
        }
        try {
            SpiffeId identity = new SpiffeId(trustDomain, names[0], names[1]);
            return new AuthenticationResult.Authenticated(new Caller(identity, new PodReference(pod, uid)));
        } catch (IllegalArgumentException e) {
            return refused("the user is no service account: " + e.getMessage());
        }
    }

    private static String extra(UserInfo user, String key) {
        Map<String, List<String>> extra = user.getExtra();
        List<String> values = extra == null ? null : extra.get(key);
        return values == null || values.size() != 1 ? "" : values.getFirst();
    }

    private static AuthenticationResult refused(String reason) {
        return new AuthenticationResult.Refused(reason);
    }
}
