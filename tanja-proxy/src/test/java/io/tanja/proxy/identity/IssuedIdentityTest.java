package io.tanja.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class IssuedIdentityTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

    private final TestPki pki = TestPki.create(NOW);
    private final SpiffeId id = pki.id("test", "client");

    private static KeyPair keys(TestIdentity of) {
        return new KeyPair(of.leaf().getPublicKey(), of.key());
    }

    private static List<String> pem(TestIdentity of) {
        return TestPki.istioChain(of);
    }

    @Test
    void anIntermediateIsSentAndTheRootIsNot() throws Exception {
        TestIdentity leaf = pki.intermediate().leaf(id);

        IdentitySnapshot made = IssuedIdentity.of(keys(leaf), pem(leaf), id, NOW);

        assertThat(made.chain()).hasSize(2).isEqualTo(leaf.chain());
        assertThat(made.roots()).isEqualTo(pki.roots());
    }

    @Test
    void severalRootsInTheLastElementAreAllTrusted() throws Exception {
        TestIdentity leaf = pki.leaf(id);
        List<String> pem = new ArrayList<>(pem(leaf));
        String other = Certificates.pem(TestPki.create(NOW).roots());
        pem.set(pem.size() - 1, other + pem.getLast());

        assertThat(IssuedIdentity.of(keys(leaf), pem, id, NOW).roots()).hasSize(2);
    }

    @Test
    void whatAPeerWouldRefuseIsNotUsed() {
        TestIdentity leaf = pki.leaf(id);
        refused(leaf, pem(leaf), pki.id("test", "other"), "peer_wrong_identity");
        refused(
                leaf,
                pem(leaf),
                new SpiffeId(new TrustDomain("other.org"), "test", "client"),
                "peer_wrong_trust_domain");
        refused(leaf, pem(pki.leaf(id)), id, "another key");
        refused(pki.expired(id), "peer_certificate_expired");
        refused(pki.notYetValid(id), "peer_certificate_expired");
        refused(pki.wrongUsage(id), "peer_bad_certificate");
        refused(pki.noSan(), "peer_no_identity");
        refused(pki.twoUris(id, pki.id("a", "b")), "peer_no_identity");
        TestIdentity strange = TestPki.create(NOW).leaf(id);
        refused(strange, List.of(pem(strange).getFirst(), Certificates.pem(pki.roots())), id, "peer_unknown_root");
    }

    @Test
    void whatIsNoChainIsNotUsed() {
        TestIdentity leaf = pki.leaf(id);
        String root = Certificates.pem(pki.roots());
        refused(leaf, List.of(), id, "0 elements");
        refused(leaf, List.of(pem(leaf).getFirst()), id, "1 elements");
        refused(leaf, List.of(pem(leaf).getFirst(), ""), id, "the last element of the CA's answer");
        refused(leaf, List.of("rubbish", root), id, "element 0 of the CA's answer");
        refused(leaf, List.of(KeyPairs.pem(leaf.key()), root), id, "expected CERTIFICATE");
        List<String> reversed = new ArrayList<>(pem(leaf));
        Collections.reverse(reversed);
        refused(leaf, reversed, id, "another key");
    }

    @Test
    void anExpiredOneIsNotUsedLaterEither() {
        TestIdentity leaf = pki.leaf(id, Duration.ofHours(1));

        assertThatThrownBy(() -> IssuedIdentity.of(keys(leaf), pem(leaf), id, NOW.plus(Duration.ofHours(2))))
                .isInstanceOf(BadCertificateException.class)
                .hasMessageContaining("peer_certificate_expired");
    }

    private void refused(TestIdentity issued, String reason) {
        refused(issued, pem(issued), id, reason);
    }

    private static void refused(TestIdentity issued, List<String> pem, SpiffeId expected, String reason) {
        KeyPair keys = keys(issued);
        assertThatThrownBy(() -> IssuedIdentity.of(keys, pem, expected, NOW))
                .isInstanceOf(BadCertificateException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining(
                        Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()));
    }
}
