package io.tanja.control.ca;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.control.ca.ServingCertificate.ServingKey;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.CertificateLifetimes;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.ca.SelfSignedRoot;
import io.tanja.pki.ca.ServingNames;
import io.tanja.pki.ca.SigningMaterial;
import io.tanja.pki.renewal.RenewalSchedule;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ServingCertificateTest {
    private static final Instant START = Instant.parse("2026-11-23T06:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AtomicReference<Instant> time = new AtomicReference<>(START);
    private final AtomicReference<SigningMaterial> material =
            new AtomicReference<>(SelfSignedRoot.create(TrustDomain.CLUSTER_LOCAL, Duration.ofDays(2), START, RANDOM));
    private final ServingCertificate certificate = certificate();

    @Test
    void itCarriesItsNamesAndIsKept() throws Exception {
        ServingKey first = certificate.current();
        time.set(START.plus(Duration.ofHours(11)));

        assertThat(certificate.current()).isSameAs(first);
        assertThat(first.chain().leaf().getSubjectAlternativeNames().toString())
                .contains("istiod.istio-system.svc", "tanja-control.tanja-system.svc", "10.0.0.1");
        assertThat(first.toString()).doesNotContain(first.key().toString());
    }

    @Test
    void itIsRenewedWithANewKeyAtHalfLife() {
        ServingKey first = certificate.current();
        time.set(START.plus(Duration.ofHours(12).plusMinutes(15)));

        ServingKey second = certificate.current();

        assertThat(second.key()).isNotEqualTo(first.key());
        assertThat(second.chain().notAfter())
                .isEqualTo(START.plus(Duration.ofHours(36).plusMinutes(15)));
        assertThat(certificate.current()).isSameAs(second);
    }

    @Test
    void anotherCaTakesEffectAtOnce() {
        ServingKey first = certificate.current();
        material.set(SelfSignedRoot.create(TrustDomain.CLUSTER_LOCAL, START, RANDOM));

        assertThat(certificate.current().chain().roots())
                .isNotEqualTo(first.chain().roots());
    }

    @Test
    void aFailedRenewalKeepsTheOldOneAndWaitsBeforeTheNextTry() {
        time.set(START.plus(Duration.ofHours(47)));
        ServingKey last = certificate.current();
        Instant afterTheRoot = START.plus(Duration.ofHours(49));
        time.set(afterTheRoot);

        assertThat(certificate.current()).isSameAs(last);
        assertThat(certificate.current()).isSameAs(last);

        material.set(SelfSignedRoot.create(TrustDomain.CLUSTER_LOCAL, afterTheRoot, RANDOM));
        assertThat(certificate.current()).isNotSameAs(last);
    }

    @Test
    void aHandshakeThatBeganBeforeARenewalFindsItsKey() {
        ServingKeyManager keys = new ServingKeyManager(certificate);
        String before = keys.getServerAliases("EC_EC", new Principal[0])[0];
        X509Certificate leaf = keys.getCertificateChain(before)[0];
        time.set(START.plus(Duration.ofHours(13)));

        String after = keys.getServerAliases("EC_EC", new Principal[0])[0];

        assertThat(after).isNotEqualTo(before);
        assertThat(keys.getCertificateChain(before)).containsExactly(leaf);
        assertThat(keys.getPrivateKey(before)).isNotEqualTo(keys.getPrivateKey(after));
        assertThat(keys.getPrivateKey("unknown")).isNull();
        assertThat(keys.getServerAliases("RSA", new Principal[0])).isNull();
    }

    private ServingCertificate certificate() {
        CertificateAuthority authority = new CertificateAuthority(material::get, CertificateLifetimes.ISTIO, RANDOM);
        try {
            return ServingCertificate.issue(
                    authority,
                    new ServingNames(
                            List.of("istiod.istio-system.svc", "tanja-control.tanja-system.svc"),
                            List.of(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}))),
                    RenewalSchedule.HALF_LIFE,
                    time::get,
                    RANDOM);
        } catch (UnknownHostException | IssuanceException e) {
            throw new IllegalStateException(e);
        }
    }
}
