package io.tanja.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.pki.trust.PeerExpectation;
import io.tanja.pki.trust.PeerRole;
import io.tanja.pki.trust.PeerVerdict;
import io.tanja.pki.trust.PeerVerifier;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From a key to a verdict, through every part of this module. */
final class FirstContactTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

    @Test
    void aCertificateFromTheCaIsTrustedByTheVerifier() {
        TestPki pki = TestPki.create(NOW);
        TestIdentity client = pki.leaf("shop", "cart");

        PeerVerdict verdict = new PeerVerifier(pki.bundle())
                .verify(
                        client.derChain(),
                        PeerRole.CLIENT,
                        new PeerExpectation.Exactly(Set.of(pki.id("shop", "cart"))),
                        NOW);

        assertThat(verdict).isEqualTo(new PeerVerdict.Trusted(pki.id("shop", "cart"), client.notAfter()));
    }
}
