package io.tanja.pki.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.security.Refusal;
import io.tanja.pki.Mutations;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestLeaf;
import io.tanja.pki.TestPki;
import io.tanja.pki.der.Der;
import io.tanja.pki.pem.Certificates;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of the right CA whose names are wrong. */
final class PeerIdentityTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static final TestPki PKI = TestPki.create(NOW);
    private static final SpiffeId CART = PKI.id("shop", "cart");
    private static final PeerExpectation MESH = new PeerExpectation.AnyOf(Set.of(TrustDomain.CLUSTER_LOCAL));
    private static final byte[] CART_URI = CART.uri().getBytes(StandardCharsets.US_ASCII);

    private final PeerVerifier verifier = new PeerVerifier(PKI.bundle());

    @Test
    void otherKindsOfNamesMayStandBesideTheOneUri() {
        TestIdentity leaf = PKI.badLeaf().dns("cart.shop.svc").uri(CART.uri()).issue();

        assertThat(judge(leaf)).isEqualTo(new PeerVerdict.Trusted(CART, leaf.notAfter()));
    }

    @Test
    void severalUrisAreRefusedEvenIfEqual() {
        assertRejected(PKI.twoUris(CART, PKI.id("shop", "web")), "expected exactly one URI SAN, found 2");
        assertRejected(PKI.twoUris(CART, CART), "found 2");
    }

    @Test
    void aDnsNameIsNoIdentity() {
        assertRejected(PKI.badLeaf().dns("cart.shop.svc").issue(), "found 0 and 1 of other kinds");
        assertRejected(PKI.noSan(), "has no subject alternative name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SPIFFE://cluster.local/ns/shop/sa/cart",
                "Spiffe://cluster.local/ns/shop/sa/cart",
                "spiffe://Cluster.Local/ns/shop/sa/cart",
                "spiffe://cluster.local/NS/shop/SA/cart",
                "spiffe://cluster.local/ns/Shop/sa/cart",
                "spiffe://cluster.local/ns/shop/sa/cart/",
                "spiffe://cluster.local/ns/shop/sa/cart?x",
                "spiffe://cluster.local/ns/shop/sa/cart#x",
                "spiffe://cluster.local/ns/shop/sa/c%61rt",
                "spiffe://cluster.local/ns//sa/cart",
                "spiffe://cluster.local/ns/shop/sa",
                "spiffe://cluster.local/shop/cart",
                "spiffe://user@cluster.local/ns/shop/sa/cart",
                "spiffe://cluster.local:443/ns/shop/sa/cart",
                "https://cluster.local/ns/shop/sa/cart"
            })
    void anythingButTheExactFormIsRefused(String uri) {
        assertRejected(PKI.badLeaf().uri(uri).issue());
        assertRejected(PKI.badLeaf().uri(uri).uncriticalSan().issue());
    }

    @Test
    void embeddedNulIsRefused() {
        byte[] uri = "spiffe://cluster.local/ns/shop/sa/cart\0.evil".getBytes(StandardCharsets.US_ASCII);

        assertRefusedAtAll(PKI.badLeaf().rawSan(Der.element(Der.SEQUENCE, Der.element(0x86, uri))));
        assertRejected(
                PKI.badLeaf()
                        .rawSan(Der.element(Der.SEQUENCE, Der.element(0x86, uri)))
                        .uncriticalSan()
                        .issue(),
                "cart\\u0000.evil",
                "NUL");
    }

    @Test
    void bytesOutsideAsciiAreRefused() {
        byte[] uri = "spiffe://cluster.local/ns/shop/sa/c\u00e4rt".getBytes(StandardCharsets.UTF_8);

        assertRefusedAtAll(PKI.badLeaf()
                .rawSan(Der.element(Der.SEQUENCE, Der.element(0x86, uri)))
                .uncriticalSan());
    }

    @Test
    void aSecondListBehindTheFirstIsRefused() {
        byte[] list = Der.element(Der.SEQUENCE, Der.element(0x86, CART_URI));
        byte[] two = ByteBuffer.allocate(list.length * 2).put(list).put(list).array();

        assertRefusedAtAll(PKI.badLeaf().rawSan(two).uncriticalSan());
    }

    @Test
    void damagedLeavesAreNeverTrustedAndNeverCrash() throws CertificateException {
        byte[] valid = Certificates.der(PKI.leaf(CART).leaf());
        for (long seed : Mutations.seeds()) {
            byte[] damaged = Mutations.of(valid, new Random(seed));
            if (Arrays.equals(damaged, valid)) {
                continue;
            }
            PeerVerdict verdict = verifier.verify(new byte[][] {damaged}, PeerRole.CLIENT, MESH, NOW);
            if (verdict instanceof PeerVerdict.Trusted) {
                // The signature covers all that a certificate says. Bytes behind it and another encoding of the
                // signature itself are the only damage that may go unnoticed.
                assertThat(Certificates.fromDer(damaged).getTBSCertificate())
                        .as("seed %d: %s", seed, verdict)
                        .isEqualTo(Certificates.fromDer(valid).getTBSCertificate());
            }
        }
    }

    @Test
    void damagedNamesOfARealSignatureNeverCrash() throws CertificateException {
        byte[] names = Der.element(Der.SEQUENCE, Der.element(0x86, CART_URI), Der.element(0x82, CART_URI));
        int claimed = 0;
        for (long seed : Mutations.seeds().subList(0, 300)) {
            byte[] damaged = Mutations.of(names, new Random(seed));
            X509Certificate leaf =
                    PKI.badLeaf().rawSan(damaged).uncriticalSan().issue().leaf();
            if (PeerIdentity.of(leaf) instanceof PeerIdentity.Claimed) {
                claimed++;
            }
        }
        assertThat(claimed).isLessThan(150);
    }

    private PeerVerdict judge(TestIdentity peer) {
        return verifier.verify(peer.derChain(), PeerRole.CLIENT, MESH, NOW);
    }

    private void assertRejected(TestIdentity peer, String... details) {
        PeerVerifierTest.assertRejected(judge(peer), Refusal.PEER_NO_IDENTITY, details);
    }

    /** The platform may refuse to read it, or we do: nobody gets in either way. */
    private void assertRefusedAtAll(TestLeaf builder) {
        TestIdentity peer;
        try {
            peer = builder.issue();
        } catch (IllegalStateException e) {
            assertThat(e).hasCauseInstanceOf(CertificateException.class);
            return;
        }
        assertThat(judge(peer)).isInstanceOf(PeerVerdict.Rejected.class);
    }
}
