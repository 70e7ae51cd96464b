package io.tanja.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.ManualClock;
import io.tanja.model.identity.SpiffeId;
import io.tanja.pki.TestPki;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.pem.Pem;
import io.tanja.pki.renewal.RenewalSchedule;
import io.tanja.proxy.observe.Exposition;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class IdentityKeeperTest {
    private static final Instant START = Instant.parse("2026-11-23T06:00:00Z");
    private static final RenewalSchedule SCHEDULE =
            new RenewalSchedule(0.5, 0.01, Duration.ofSeconds(1), Duration.ofMinutes(5));
    private static final Duration DAY = Duration.ofHours(24);

    private final ManualClock clock = ManualClock.at(START);
    private final ManualLoop loop = new ManualLoop(clock);
    private final TestPki pki = TestPki.create(START);
    private final SpiffeId id = pki.id("test", "client");
    private final List<String> requests = new ArrayList<>();
    private SpiffeId issuedFor = id;
    private boolean away;
    private final IdentityKeeper keeper = new IdentityKeeper(
            id, DAY, SCHEDULE, this::issue, loop, Runnable::run, clock, new Random(1), new SecureRandom());

    private CompletableFuture<List<String>> issue(String csr, Duration ttl) {
        requests.add(csr);
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("the CA did not issue: UNAVAILABLE"));
        }
        try {
            byte[] der = Pem.parse("csr", csr).getFirst().der();
            return CompletableFuture.completedFuture(
                    pki.authority().issue(der, issuedFor, ttl, clock.instant()).asIstioChain());
        } catch (IssuanceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private IdentitySnapshot current() {
        IdentitySnapshot now = keeper.current();
        assertThat(now).isNotNull();
        return now;
    }

    private String page() {
        Exposition out = new Exposition();
        keeper.metrics().write(out);
        return out.toString();
    }

    @Test
    void getsACertificateForItself() {
        assertThat(keeper.current()).isNull();
        keeper.start();
        loop.run();

        assertThat(current().id()).isEqualTo(id);
        assertThat(current().notAfter()).isEqualTo(START.plus(DAY));
        assertThat(current().chain()).hasSize(1);
        assertThat(current().roots()).isEqualTo(pki.roots());
        assertThat(keeper.first()).isCompleted();
        assertThat(page()).contains("\ntanja_certificate_expiry_seconds 86400\n");
    }

    @Test
    void renewsAtHalfLifeWithANewKeyAndTellsListeners() {
        List<IdentitySnapshot> told = new ArrayList<>();
        keeper.subscribe(told::add);
        keeper.start();
        loop.pass(Duration.ofHours(11));
        assertThat(requests).hasSize(1);
        loop.pass(Duration.ofHours(2));

        assertThat(requests).hasSize(2);
        assertThat(told).hasSize(2);
        assertThat(told.get(1).key()).isNotEqualTo(told.get(0).key());
        assertThat(current().notAfter()).isAfter(START.plus(DAY).plus(Duration.ofHours(11)));
        assertThat(page()).contains("tanja_certificate_renewals_total{result=\"success\"} 2\n");
    }

    @Test
    void aLateListenerIsToldAtOnce() {
        keeper.start();
        loop.run();
        List<IdentitySnapshot> told = new ArrayList<>();

        keeper.subscribe(told::add);

        assertThat(told).containsExactly(current());
    }

    @Test
    void theOldCertificateServesWhileTheCaIsAwayAndStaysWhenItIsExpired() {
        keeper.start();
        loop.run();
        IdentitySnapshot old = current();
        away = true;
        loop.pass(Duration.ofHours(20));
        assertThat(current()).isSameAs(old);
        assertThat(requests.size()).isGreaterThan(50);
        assertThat(page())
                .contains("\ntanja_certificate_renewal_failing 1\n")
                .contains("\ntanja_certificate_expiry_seconds 14400\n");

        loop.pass(Duration.ofHours(5));
        assertThat(current()).isSameAs(old);
        assertThat(page()).contains("\ntanja_certificate_expiry_seconds -3600\n");

        away = false;
        loop.pass(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(current().notAfter()).isAfter(clock.instant().plus(Duration.ofHours(23)));
        assertThat(page()).contains("\ntanja_certificate_renewal_failing 0\n");
    }

    @Test
    void retriesAreSpacedOut() {
        away = true;
        keeper.start();
        loop.pass(Duration.ofMinutes(10));

        assertThat(requests.size()).isBetween(5, 20);
        assertThat(keeper.current()).isNull();
        assertThat(page()).doesNotContain("tanja_certificate_expiry_seconds");
    }

    @Test
    void everyRequestHasANewKey() {
        away = true;
        keeper.start();
        loop.pass(Duration.ofMinutes(1));

        Set<String> distinct = new HashSet<>(requests);
        assertThat(distinct).hasSameSizeAs(requests);
    }

    @Test
    void aCertificateForSomebodyElseIsNotUsed() {
        issuedFor = pki.id("test", "other");
        keeper.start();
        loop.pass(Duration.ofSeconds(5));

        assertThat(keeper.current()).isNull();
        assertThat(page()).contains("tanja_certificate_renewals_total{result=\"success\"} 0\n");
    }

    @Test
    void aBadAnswerDoesNotReplaceAGoodCertificate() {
        keeper.start();
        loop.run();
        IdentitySnapshot good = current();
        issuedFor = pki.id("test", "other");
        loop.pass(Duration.ofHours(14));

        assertThat(current()).isSameAs(good);
    }

    @Test
    void theWallClockSetForwardBringsTheRenewalForward() {
        keeper.start();
        loop.run();
        clock.advance(Duration.ofHours(13));
        loop.pass(Duration.ofMinutes(1));

        assertThat(requests).hasSize(2);
    }

    @Test
    void theKeyIsNotInTheTextOfTheSnapshot() {
        keeper.start();
        loop.run();

        assertThat(current().toString())
                .isEqualTo("IdentitySnapshot[" + id.uri() + ", notAfter="
                        + current().notAfter() + "]");
    }
}
