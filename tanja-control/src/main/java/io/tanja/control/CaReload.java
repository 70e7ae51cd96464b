package io.tanja.control;

import io.tanja.pki.ca.ReloadOutcome;
import io.tanja.pki.ca.ReloadableCa;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time whether the CA's folder holds something new. The serving certificate follows by itself. Its own
 * thread does everything.
 */
final class CaReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaReload.class);
    private static final long SECONDS = 5;

    private final ReloadableCa ca;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final Future<?> running;
    private String complaint = "";

    CaReload(ReloadableCa ca, InstantSource clock, ThreadFactory threads) {
        this.ca = ca;
        this.clock = clock;
        this.timer = Executors.newSingleThreadScheduledExecutor(threads);
        this.running = timer.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        switch (ca.reload(clock.instant())) {
            case ReloadOutcome.Unchanged() -> complaint = "";
            case ReloadOutcome.Replaced(boolean rootsChanged) -> {
                complaint = "";
                LOG.info("ca reloaded subject=\"{}\" rootsChanged={}", ca.get(), rootsChanged);
            }
            case ReloadOutcome.Kept(String why) -> {
                if (!why.equals(complaint)) {
                    complaint = why;
                    LOG.error("ca not reloaded, the last one stays in force reason=\"{}\"", why);
                }
            }
        }
    }

    @Override
    public void close() {
        running.cancel(false);
        timer.close();
    }
}
