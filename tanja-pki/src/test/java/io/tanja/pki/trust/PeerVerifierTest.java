package io.tanja.pki.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.security.Refusal;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.pki.pem.Certificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PeerVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static final TrustDomain OTHER = new TrustDomain("other.domain");
    private static final TestPki PKI = TestPki.create(NOW);
    private static final SpiffeId CART = PKI.id("shop", "cart");
    private static final PeerExpectation MESH = new PeerExpectation.AnyOf(Set.of(TrustDomain.CLUSTER_LOCAL));

    private final PeerVerifier verifier = new PeerVerifier(PKI.bundle());

    @Test
    void anIssuedLeafIsTrustedInBothForms() {
        TestIdentity leaf = PKI.leaf(CART);
        PeerVerdict trusted = new PeerVerdict.Trusted(CART, leaf.notAfter());

        assertThat(verifier.verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW)).isEqualTo(trusted);
        assertThat(verifier.verify(leaf.derChain(), PeerRole.SERVER, MESH, NOW)).isEqualTo(trusted);
    }

    @Test
    void aLeafBelowAnIntermediateIsTrustedWithOrWithoutTheRootInItsChain() {
        TestIdentity leaf = PKI.intermediate().leaf(CART);
        List<X509Certificate> withRoot = new ArrayList<>(leaf.chain());
        withRoot.addAll(leaf.roots());

        assertThat(leaf.chain()).hasSize(2);
        assertThat(judge(leaf)).isInstanceOf(PeerVerdict.Trusted.class);
        assertThat(new PeerVerifier(PKI.bundle()).verify(withRoot, PeerRole.CLIENT, MESH, NOW))
                .isInstanceOf(PeerVerdict.Trusted.class);
    }

    @Test
    void aChainWithoutItsIntermediateIsRefused() {
        TestIdentity leaf = PKI.intermediate().leaf(CART);

        PeerVerdict verdict = verifier.verify(List.of(leaf.leaf()), PeerRole.CLIENT, MESH, NOW);

        assertRejected(verdict, Refusal.PEER_UNKNOWN_ROOT, "issued by \"O=intermediate\"");
    }

    @Test
    void noCertificateIsRefused() {
        assertRejected(verifier.verify(List.of(), PeerRole.CLIENT, MESH, NOW), Refusal.PEER_NO_CERTIFICATE, "sent no");
        assertRejected(
                verifier.verify(new byte[0][], PeerRole.CLIENT, MESH, NOW), Refusal.PEER_NO_CERTIFICATE, "sent no");
    }

    @Test
    void bytesThatAreNoCertificateAreRefused() {
        byte[][] chain = {{1, 2, 3}};

        assertRejected(
                verifier.verify(chain, PeerRole.CLIENT, MESH, NOW),
                Refusal.PEER_BAD_CERTIFICATE,
                "1 of 1 cannot be read");
    }

    @Test
    void anotherCaOfTheSameNameIsUnknownAndTheFingerprintsAreNamed() {
        TestPki stranger = TestPki.create(NOW);
        TestIdentity leaf = stranger.leaf(CART);

        assertRejected(
                judge(leaf),
                Refusal.PEER_UNKNOWN_ROOT,
                Certificates.fingerprint(leaf.leaf()),
                Certificates.fingerprint(PKI.roots().getFirst()),
                CART.uri());
    }

    @Test
    void aStrangersExpiredLeafIsCalledAStrangers() {
        assertRejected(judge(TestPki.create(NOW).expired(CART)), Refusal.PEER_UNKNOWN_ROOT, "not trusted");
    }

    @Test
    void timesOutsideTheValidityAreNamed() {
        assertRejected(
                judge(PKI.expired(CART)),
                Refusal.PEER_CERTIFICATE_EXPIRED,
                "has expired: valid from 2026-11-22T05:00:00Z until 2026-11-23T05:00:00Z, now is 2026-11-23T06:00:00Z");
        assertRejected(judge(PKI.notYetValid(CART)), Refusal.PEER_CERTIFICATE_EXPIRED, "is not yet valid");
    }

    @Test
    void aLeafIsValidUpToItsLastSecondAndNotBeyond() {
        TestIdentity leaf = PKI.leaf(CART);

        assertThat(verifier.verify(leaf.chain(), PeerRole.CLIENT, MESH, leaf.notAfter()))
                .isInstanceOf(PeerVerdict.Trusted.class);
        assertRejected(
                verifier.verify(
                        leaf.chain(), PeerRole.CLIENT, MESH, leaf.notAfter().plusMillis(1)),
                Refusal.PEER_CERTIFICATE_EXPIRED,
                "has expired");
    }

    @Test
    void aRootVouchesForNoOtherTrustDomain() {
        SpiffeId foreign = new SpiffeId(OTHER, "shop", "cart");

        assertRejected(
                judge(PKI.leaf(foreign)),
                Refusal.PEER_WRONG_TRUST_DOMAIN,
                "expected trust domain cluster.local, got other.domain");
    }

    @Test
    void aRootOfAKnownOtherDomainVouchesForThatDomainOnly() {
        TestPki other = TestPki.create(OTHER, NOW);
        PeerVerifier federated =
                new PeerVerifier(new TrustBundle(Map.of(TrustDomain.CLUSTER_LOCAL, PKI.roots(), OTHER, other.roots())));

        assertRejected(
                federated.verify(other.leaf(CART).chain(), PeerRole.CLIENT, MESH, NOW),
                Refusal.PEER_UNKNOWN_ROOT,
                "vouches for other.domain only");
        assertRejected(
                federated.verify(other.leaf("shop", "cart").chain(), PeerRole.CLIENT, MESH, NOW),
                Refusal.PEER_WRONG_TRUST_DOMAIN,
                "expected trust domain cluster.local, got other.domain in spiffe://other.domain/ns/shop/sa/cart");
    }

    @Test
    void aStrangerOfAnotherTrustDomainIsAnUnknownRoot() {
        TestPki other = TestPki.create(OTHER, NOW);

        assertRejected(
                judge(other.leaf("shop", "cart")),
                Refusal.PEER_UNKNOWN_ROOT,
                "no root is trusted for its trust domain other.domain");
    }

    @Test
    void aClientAcceptsExactlyTheExpectedIdentities() {
        TestIdentity leaf = PKI.leaf(CART);
        PeerExpectation exactly = new PeerExpectation.Exactly(Set.of(PKI.id("shop", "web"), CART));
        PeerExpectation others = new PeerExpectation.Exactly(Set.of(PKI.id("shop", "web"), PKI.id("bank", "cart")));
        PeerExpectation nobody = new PeerExpectation.Exactly(Set.of());

        assertThat(verifier.verify(leaf.chain(), PeerRole.SERVER, exactly, NOW))
                .isInstanceOf(PeerVerdict.Trusted.class);
        assertRejected(
                verifier.verify(leaf.chain(), PeerRole.SERVER, others, NOW),
                Refusal.PEER_WRONG_IDENTITY,
                "expected spiffe://cluster.local/ns/bank/sa/cart or spiffe://cluster.local/ns/shop/sa/web,"
                        + " got spiffe://cluster.local/ns/shop/sa/cart");
        assertRejected(
                verifier.verify(leaf.chain(), PeerRole.SERVER, nobody, NOW),
                Refusal.PEER_WRONG_IDENTITY,
                "expected nobody");
    }

    @Test
    void usagesMustFitTheRole() {
        assertRejected(judge(PKI.wrongUsage(CART)), Refusal.PEER_BAD_CERTIFICATE, "extended key usage clientAuth");
        TestIdentity serverOnly = PKI.badLeaf().uri(CART.uri()).serverOnly().issue();
        assertRejected(judge(serverOnly), Refusal.PEER_BAD_CERTIFICATE, "clientAuth");
        assertThat(verifier.verify(serverOnly.chain(), PeerRole.SERVER, MESH, NOW))
                .isInstanceOf(PeerVerdict.Trusted.class);
        assertRejected(
                judge(PKI.badLeaf().uri(CART.uri()).encipherOnly().issue()),
                Refusal.PEER_BAD_CERTIFICATE,
                "digitalSignature");
        assertRejected(judge(PKI.badLeaf().uri(CART.uri()).asCa().issue()), Refusal.PEER_BAD_CERTIFICATE, "is a CA's");
        assertRejected(
                judge(PKI.badLeaf().uri(CART.uri()).unknownCriticalExtension().issue()),
                Refusal.PEER_BAD_CERTIFICATE,
                "not valid");
    }

    @Test
    void aLeafMayNotSignAnotherLeaf() {
        TestIdentity cart = PKI.badLeaf().uri(CART.uri()).issue();
        TestPki rogue = PKI.signingWith(cart);

        assertRejected(judge(rogue.leaf(PKI.id("bank", "vault"))), Refusal.PEER_BAD_CERTIFICATE, "not valid");
    }

    @Test
    void anEndlessChainIsNotRead() {
        List<X509Certificate> chain = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            chain.add(PKI.roots().getFirst());
        }

        assertRejected(
                verifier.verify(chain, PeerRole.CLIENT, MESH, NOW),
                Refusal.PEER_BAD_CERTIFICATE,
                "at most 10 are read");
    }

    private PeerVerdict judge(TestIdentity peer) {
        return verifier.verify(peer.derChain(), PeerRole.CLIENT, MESH, NOW);
    }

    static void assertRejected(PeerVerdict verdict, Refusal reason, String... details) {
        assertThat(verdict).isInstanceOfSatisfying(PeerVerdict.Rejected.class, rejected -> {
            assertThat(rejected.reason()).as(rejected.detail()).isEqualTo(reason);
            assertThat(rejected.detail()).isPrintable();
            for (String detail : details) {
                assertThat(rejected.detail()).contains(detail);
            }
        });
    }

    @Test
    void aReSignedRootIsPreferredToTheExpiredOneWithItsKey() {
        TestPki resigned = PKI.withResignedRoot(Duration.ofDays(-10), Duration.ofDays(-1));
        TestIdentity leaf = resigned.leaf(CART);
        List<X509Certificate> both =
                List.of(resigned.roots().getFirst(), PKI.roots().getFirst());

        assertThat(new PeerVerifier(TrustBundle.of(TrustDomain.CLUSTER_LOCAL, both))
                        .verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW))
                .isInstanceOf(PeerVerdict.Trusted.class);
        assertRejected(
                new PeerVerifier(resigned.bundle()).verify(leaf.chain(), PeerRole.CLIENT, MESH, NOW),
                Refusal.PEER_CERTIFICATE_EXPIRED,
                "a CA certificate above the one of " + CART + " has expired");
    }
}
