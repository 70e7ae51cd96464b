package io.tanja.pki.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.security.Refusal;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PeerVerifierCacheTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static final TestPki PKI = TestPki.create(NOW);
    private static final SpiffeId CART = PKI.id("shop", "cart");
    private static final PeerExpectation MESH = new PeerExpectation.AnyOf(Set.of(TrustDomain.CLUSTER_LOCAL));

    private final PeerVerifier verifier = new PeerVerifier(PKI.bundle());
    private final TestIdentity leaf = PKI.leaf(CART);

    @Test
    void onlyBelievedLeavesAreRemembered() {
        verifier.verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW);
        verifier.verify(leaf.chain(), PeerRole.SERVER, MESH, NOW);
        verifier.verify(TestPki.create(NOW).leaf(CART).chain(), PeerRole.CLIENT, MESH, NOW);
        verifier.verify(PKI.expired(CART).chain(), PeerRole.CLIENT, MESH, NOW);

        assertThat(verifier.remembered()).isEqualTo(1);
    }

    @Test
    void aRememberedLeafStillExpires() {
        verifier.verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW);

        PeerVerdict later = verifier.verify(
                leaf.chain(), PeerRole.CLIENT, MESH, leaf.notAfter().plusSeconds(1));

        PeerVerifierTest.assertRejected(later, Refusal.PEER_CERTIFICATE_EXPIRED, "has expired");
    }

    @Test
    void aRememberedLeafStillMustBeExpected() {
        verifier.verify(leaf.chain(), PeerRole.SERVER, MESH, NOW);

        PeerVerdict verdict = verifier.verify(
                leaf.chain(), PeerRole.SERVER, new PeerExpectation.Exactly(Set.of(PKI.id("shop", "web"))), NOW);

        PeerVerifierTest.assertRejected(verdict, Refusal.PEER_WRONG_IDENTITY);
    }

    @Test
    void aRememberedLeafStillMustFitTheRole() {
        TestIdentity serverOnly = PKI.badLeaf().uri(CART.uri()).serverOnly().issue();
        verifier.verify(serverOnly.chain(), PeerRole.SERVER, MESH, NOW);

        PeerVerdict verdict = verifier.verify(serverOnly.chain(), PeerRole.CLIENT, MESH, NOW);

        PeerVerifierTest.assertRejected(verdict, Refusal.PEER_BAD_CERTIFICATE, "clientAuth");
    }

    @Test
    void anotherBundleForgetsEverythingAndTheSameOneNothing() {
        verifier.verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW);

        verifier.trust(TrustBundle.of(TrustDomain.CLUSTER_LOCAL, List.copyOf(PKI.roots())));
        assertThat(verifier.remembered()).isEqualTo(1);

        verifier.trust(TestPki.create(NOW).bundle());
        assertThat(verifier.remembered()).isZero();
        PeerVerifierTest.assertRejected(
                verifier.verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW), Refusal.PEER_UNKNOWN_ROOT);
    }

    @Test
    void anEmptyBundleTrustsNobody() {
        PeerVerifierTest.assertRejected(
                new PeerVerifier(TrustBundle.EMPTY).verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW),
                Refusal.PEER_UNKNOWN_ROOT,
                "no root is trusted");
    }

    @Test
    void memoryIsBounded() {
        PeerVerifier small = new PeerVerifier(PKI.bundle(), 3);
        for (int i = 0; i < 10; i++) {
            small.verify(PKI.leaf(PKI.id("shop", "cart-" + i)).chain(), PeerRole.CLIENT, MESH, NOW);
            assertThat(small.remembered()).isBetween(1, 3);
        }
    }
}
