package io.tanja.proxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.ManualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;

class StderrLoggersTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Logger logger(Level lowest, String name) {
        return new StderrLoggers(lowest, out, ManualClock.at("2026-11-23T06:11:02.123Z")).getLogger(name);
    }

    private String text() {
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void aLineIsKeysAndValues() {
        logger(Level.INFO, "io.tanja.proxy.ProxyMain").info("ready in {} ms", 512);

        assertThat(text())
                .isEqualTo("time=2026-11-23T06:11:02.123Z level=info logger=ProxyMain msg=\"ready in 512 ms\"\n");
    }

    @Test
    void pairsOfTheFluentApiAreKept() {
        logger(Level.INFO, "a.B")
                .atWarn()
                .addKeyValue("port", 15006)
                .addKeyValue("text", "a\"b")
                .log("taken by {}", "x");

        assertThat(text()).endsWith(" level=warn logger=B msg=\"taken by x\" port=\"15006\" text=\"a\\u0022b\"\n");
    }

    @Test
    void textCannotMakeAnotherLine() {
        logger(Level.INFO, "a.B").warn("sni {}", "x\"\ntime=2026 level=error\r\n", new IllegalStateException("a\nb"));

        assertThat(text().lines()).hasSize(1);
        assertThat(text()).contains("error=\"java.lang.IllegalStateException: a\\u000ab\"");
    }

    @Test
    void anErrorHasItsCausesAndItsStack() {
        logger(Level.INFO, "a.B")
                .error("failed", new IllegalStateException("outer", new IllegalArgumentException("inner")));

        assertThat(text())
                .contains(
                        " cause=\"java.lang.IllegalArgumentException: inner\"\n    at io.tanja.proxy.logging.StderrLoggersTest");
    }

    @Test
    void whatIsBelowTheLevelIsNotWritten() {
        Logger logger = logger(Level.WARN, "a.B");
        logger.info("no");
        logger.debug("no");
        logger.warn("yes");

        assertThat(text().lines()).hasSize(1);
        assertThat(logger(Level.DEBUG, "io.netty.util.X").isDebugEnabled()).isFalse();
        assertThat(logger(Level.DEBUG, "io.tanja.X").isDebugEnabled()).isTrue();
        assertThat(logger(Level.TRACE, "io.netty.util.X").isTraceEnabled()).isTrue();
    }
}
