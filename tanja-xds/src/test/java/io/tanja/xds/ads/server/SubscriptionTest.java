package io.tanja.xds.ads.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
    private static final SpiffeId CALLER = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/default");

    private Subscription subscription = new Subscription(FakeCatalog.TYPE, CALLER, Limits.DEFAULT);
    private int nonces;

    @Test
    void answersTheFirstRequestEvenWhenThereIsNothing() throws Exception {
        subscription.open(request().build());

        DeltaDiscoveryResponse first = next(FakeCatalog.version("1"));

        assertThat(first.getResourcesList()).isEmpty();
        assertThat(first.getRemovedResourcesList()).isEmpty();
        assertThat(first.getSystemVersionInfo()).isEqualTo("1");
        assertThat(first.getTypeUrl()).isEqualTo(FakeCatalog.TYPE);
    }

    @Test
    void treatsAFirstRequestWithoutNamesAsWildcard() throws Exception {
        FakeCatalog catalog = FakeCatalog.version("1").with("a", "1").with("b", "1");
        subscription.open(request().build());

        assertThat(names(next(catalog))).containsExactly("a", "b");
        assertSilent(catalog);
    }

    @Test
    void sendsOnlyWhatChangedAndNamesWhatIsGone() throws Exception {
        FakeCatalog catalog =
                FakeCatalog.version("1").with("a", "1").with("b", "1").with("c", "1");
        subscription.open(subscribe("*").build());
        next(catalog);

        DeltaDiscoveryResponse second = next(catalog.at("2").with("b", "2").without("c"));

        assertThat(names(second)).containsExactly("b");
        assertThat(second.getRemovedResourcesList()).containsExactly("c");
        assertSilent(catalog.at("3").with("b", "2").without("c"));
    }

    @Test
    void subscribesToNothingWithStarAndNotStar() throws Exception {
        subscription.open(subscribe("*").addResourceNamesUnsubscribe("*").build());
        FakeCatalog catalog = FakeCatalog.version("1").with("a", "1").with("b", "1");

        assertThat(names(next(catalog))).isEmpty();
        assertSilent(catalog.with("c", "1"));

        update(subscribe("a"));
        assertThat(names(next(catalog.at("2")))).containsExactly("a");
    }

    @Test
    void answersAKeyWithAllItsResources() throws Exception {
        FakeCatalog catalog = FakeCatalog.version("1")
                .with("svc", "1")
                .with("pod1", "1")
                .with("pod2", "1")
                .key("/10.0.0.1", "svc", "pod1", "pod2");
        subscription.open(subscribe("/10.0.0.1").build());

        assertThat(names(next(catalog))).containsExactly("svc", "pod1", "pod2");

        DeltaDiscoveryResponse moved =
                next(catalog.at("2").without("pod1").with("pod3", "1").key("/10.0.0.1", "svc", "pod2", "pod3"));
        assertThat(names(moved)).containsExactly("pod3");
        assertThat(moved.getRemovedResourcesList()).containsExactly("pod1");
    }

    @Test
    void tellsThatAKeyIsUnknownOnceAndAnswersItWhenItAppears() throws Exception {
        subscription.open(subscribe("later").build());
        FakeCatalog without = FakeCatalog.version("1");

        assertThat(next(without).getRemovedResourcesList()).containsExactly("later");
        assertSilent(without.at("2"));
        assertThat(names(next(without.at("3").with("later", "1")))).containsExactly("later");
        assertThat(next(without.at("4")).getRemovedResourcesList()).containsExactly("later");
    }

    @Test
    void answersARepeatedSubscriptionAlthoughNothingChanged() throws Exception {
        FakeCatalog catalog = FakeCatalog.version("1").with("a", "1").key("/10.0.0.1", "a");
        subscription.open(subscribe("a").build());
        next(catalog);

        update(subscribe("/10.0.0.1"));
        assertThat(names(next(catalog))).as("asked by another key").containsExactly("a");
        update(subscribe("nobody"));
        assertThat(next(catalog).getRemovedResourcesList()).containsExactly("nobody");
        update(subscribe("nobody"));
        assertThat(next(catalog).getRemovedResourcesList()).containsExactly("nobody");
    }

    @Test
    void doesNotSayRemovedOfWhatTheClientGaveUp() throws Exception {
        FakeCatalog catalog = FakeCatalog.version("1").with("a", "1").with("b", "1");
        subscription.open(subscribe("a", "b").build());
        next(catalog);

        update(request().addResourceNamesUnsubscribe("a"));

        assertSilent(catalog.at("2").without("a"));
        assertThat(names(next(catalog.at("3").with("a", "2").with("b", "2")))).containsExactly("b");
    }

    @Test
    void keepsWhatAnotherKeyStillHolds() throws Exception {
        FakeCatalog catalog =
                FakeCatalog.version("1").with("pod", "1").key("x", "pod").key("y", "pod");
        subscription.open(subscribe("x", "y").build());
        next(catalog);

        update(request().addResourceNamesUnsubscribe("x"));

        assertThat(names(next(catalog.at("2").with("pod", "2")))).containsExactly("pod");
    }

    @Test
    void sendsAReconnectingClientOnlyWhatItDoesNotHave() throws Exception {
        subscription.open(request()
                .putAllInitialResourceVersions(Map.of("same", "1", "old", "1", "gone", "1"))
                .build());

        DeltaDiscoveryResponse first =
                next(FakeCatalog.version("9").with("same", "1").with("old", "2").with("new", "1"));

        assertThat(names(first)).containsExactly("old", "new");
        assertThat(first.getRemovedResourcesList()).containsExactly("gone");
    }

    @Test
    void goesOnServingWhatAReconnectingOnDemandClientHas() throws Exception {
        subscription.open(subscribe("*")
                .addResourceNamesUnsubscribe("*")
                .putAllInitialResourceVersions(Map.of("same", "1", "pending", "", "waits", ""))
                .build());
        FakeCatalog catalog =
                FakeCatalog.version("9").with("same", "1").with("pending", "1").with("other", "1");

        DeltaDiscoveryResponse first = next(catalog);
        assertThat(names(first)).containsExactly("pending");
        assertThat(first.getRemovedResourcesList()).containsExactly("waits");
        assertThat(names(next(catalog.at("10").with("same", "2").with("waits", "1"))))
                .containsExactlyInAnyOrder("same", "waits");
    }

    @Test
    void judgesAResponseByTheLatestNonceOnly() throws Exception {
        FakeCatalog catalog = FakeCatalog.version("1").with("a", "1");
        subscription.open(subscribe("*").build());
        String stale = next(catalog).getNonce();
        String latest = next(catalog.at("2").with("a", "2")).getNonce();

        assertThat(update(request().setResponseNonce(stale))).isEqualTo(Subscription.Verdict.STALE);
        assertThat(subscription.status().versionAcked()).isNull();
        assertThat(update(nack(stale, "no"))).isEqualTo(Subscription.Verdict.STALE);
        assertThat(subscription.status().nackReason()).isNull();
        assertThat(update(request().setResponseNonce(latest))).isEqualTo(Subscription.Verdict.ACK);
        assertThat(subscription.status().versionAcked()).isEqualTo("2");
        assertThat(subscription.status().current()).isTrue();
    }

    @Test
    void keepsTheSubscriptionsBesideAStaleNonce() throws Exception {
        FakeCatalog catalog = FakeCatalog.version("1").with("a", "1").with("b", "1");
        subscription.open(subscribe("a").build());
        next(catalog);

        update(subscribe("b").setResponseNonce("long ago"));

        assertThat(names(next(catalog))).containsExactly("b");
    }

    @Test
    void neverAnswersAnAckAndNeverRepeatsWhatWasRefused() throws Exception {
        FakeCatalog catalog = FakeCatalog.version("1").with("a", "1");
        subscription.open(subscribe("*").build());
        String first = next(catalog).getNonce();

        assertThat(subscription.status().has("1")).as("sent is not accepted").isFalse();
        update(request().setResponseNonce(first));
        assertThat(subscription.mustLook(catalog)).isFalse();
        assertThat(subscription.status().has("1")).isTrue();
        assertSilent(catalog.at("1b"));
        assertThat(subscription.status().has("1")).isFalse();
        assertThat(subscription.status().has("1b"))
                .as("nothing new for the client")
                .isTrue();

        FakeCatalog second = catalog.at("2").with("a", "bad");
        String refused = next(second).getNonce();
        assertThat(update(nack(refused, "modes is missing\n"))).isEqualTo(Subscription.Verdict.NACK);
        assertThat(subscription.mustLook(second)).isFalse();
        assertSilent(second.at("3"));
        assertThat(subscription.status().nackReason()).isEqualTo("modes is missing\\u000a");
        assertThat(subscription.status().has("3")).isFalse();
        assertThat(subscription.status().versionAcked()).isEqualTo("1");

        String repaired = next(second.at("4").with("a", "good")).getNonce();
        update(request().setResponseNonce(repaired));
        assertThat(subscription.status().nackReason()).isNull();
        assertThat(subscription.status().versionAcked()).isEqualTo("4");
    }

    @Test
    void splitsALargeResponseAndAcknowledgesItAsAWhole() throws Exception {
        subscription = new Subscription(FakeCatalog.TYPE, CALLER, new Limits(4, 100, 100, 500));
        FakeCatalog catalog = FakeCatalog.version("1");
        for (int i = 0; i < 20; i++) {
            catalog = catalog.with("resource-" + i, "x".repeat(60));
        }
        subscription.open(subscribe("*").build());

        int responses = 0;
        int resources = 0;
        while (subscription.mustLook(catalog)) {
            DeltaDiscoveryResponse response = subscription.next(catalog, () -> "n" + ++nonces);
            if (response != null) {
                assertThat(response.getSerializedSize()).isLessThan(700);
                responses++;
                resources += response.getResourcesCount();
                update(request().setResponseNonce(response.getNonce()));
                assertThat(subscription.status().versionAcked()).isEqualTo(resources == 20 ? "1" : null);
            }
        }

        assertThat(resources).isEqualTo(20);
        assertThat(responses).isBetween(5, 20);
    }

    @Test
    void endsTheStreamOfACallerThatMayNotRead() throws Exception {
        subscription.open(subscribe("secret").build());

        assertThatThrownBy(
                        () -> next(FakeCatalog.version("1").with("secret", "1").refusing("secret", "not yours")))
                .isInstanceOfSatisfying(
                        StreamRefusedException.class,
                        e -> assertThat(e.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED))
                .hasMessage("not yours");
    }

    @Test
    void refusesTooManyAndTooLongNames() throws Exception {
        subscription = new Subscription(FakeCatalog.TYPE, CALLER, new Limits(4, 2, 10, 500));
        subscription.open(subscribe("a", "b").build());

        assertThatThrownBy(() -> update(subscribe("c"))).isInstanceOf(StreamRefusedException.class);
        assertThatThrownBy(() -> update(subscribe("x".repeat(11)))).isInstanceOf(StreamRefusedException.class);
    }

    @Test
    void answersATypeThatIsNotServedWithNothing() throws Exception {
        subscription = new Subscription("type.googleapis.com/other", CALLER, Limits.DEFAULT);
        subscription.open(request().build());

        DeltaDiscoveryResponse first = next(FakeCatalog.version("1").with("a", "1"));

        assertThat(names(first)).isEmpty();
        assertThat(first.getTypeUrl()).isEqualTo("type.googleapis.com/other");
    }

    private DeltaDiscoveryResponse next(Catalog catalog) throws StreamRefusedException {
        return Objects.requireNonNull(subscription.next(catalog, () -> "n" + ++nonces), "no response");
    }

    private void assertSilent(Catalog catalog) throws StreamRefusedException {
        assertThat(subscription.next(catalog, () -> "n" + ++nonces)).isNull();
    }

    private Subscription.Verdict update(DeltaDiscoveryRequest.Builder request) throws StreamRefusedException {
        return subscription.update(request.build());
    }

    private static DeltaDiscoveryRequest.Builder request() {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(FakeCatalog.TYPE);
    }

    private static DeltaDiscoveryRequest.Builder subscribe(String... names) {
        return request().addAllResourceNamesSubscribe(Arrays.asList(names));
    }

    private static DeltaDiscoveryRequest.Builder nack(String nonce, String message) {
        return request()
                .setResponseNonce(nonce)
                .setErrorDetail(io.tanja.xds.proto.google.rpc.Status.newBuilder()
                        .setCode(3)
                        .setMessage(message));
    }

    private static List<String> names(DeltaDiscoveryResponse response) {
        return response.getResourcesList().stream().map(Resource::getName).toList();
    }
}
