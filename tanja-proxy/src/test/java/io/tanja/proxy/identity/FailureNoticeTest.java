package io.tanja.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.proxy.identity.FailureNotice.Word;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailureNoticeTest {
    private static final Instant START = Instant.parse("2026-11-23T06:00:00Z");
    private static final Instant EXPIRY = START.plus(Duration.ofMinutes(2));

    private final FailureNotice notice = new FailureNotice();

    @Test
    void withoutACertificateItIsToldAtOnceAndThenEveryFiveMinutes() {
        assertThat(notice.failed(START, null)).isEqualTo(new Word.NoneYet());
        assertThat(notice.failed(START.plusSeconds(299), null)).isNull();
        assertThat(notice.failed(START.plusSeconds(300), null)).isEqualTo(new Word.NoneYet());
    }

    /** The warning that it serves on would else be the last word for minutes in which everything is refused. */
    @Test
    void theExpiryIsToldWhenItComesHoweverLatelySomethingWasTold() {
        assertThat(notice.failed(START, EXPIRY)).isEqualTo(new Word.Serving(Duration.ofMinutes(2)));
        assertThat(notice.failed(EXPIRY.minusSeconds(1), EXPIRY)).isNull();
        assertThat(notice.failed(EXPIRY, EXPIRY)).isEqualTo(new Word.Expired(Duration.ZERO));
        assertThat(notice.failed(EXPIRY.plusSeconds(2), EXPIRY)).isNull();
        assertThat(notice.failed(EXPIRY.plusSeconds(300), EXPIRY)).isEqualTo(new Word.Expired(Duration.ofMinutes(5)));
    }

    @Test
    void afterASuccessTheNextFailureIsToldAtOnce() {
        assertThat(notice.failed(START, START)).isEqualTo(new Word.Expired(Duration.ZERO));
        notice.renewed();
        assertThat(notice.failed(START.plusSeconds(1), EXPIRY)).isEqualTo(new Word.Serving(Duration.ofSeconds(119)));
    }
}
