package io.tanja.control.status;

import io.tanja.control.push.Publisher.Published;
import io.tanja.xds.ads.server.StreamStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps a JSON file that tells what the control plane knows: a reader sees the old report or the new one, never half of
 * one. It stands in for a debug port, which anybody in the network could ask. Its one thread writes.
 */
public final class StatusFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);

    /** How often it is looked whether there is something new. */
    private static final long LOOK_MILLIS = 100;
    /** The file is at most so old while the control plane lives, so that a reader can tell a dead one. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Path file;
    private final Supplier<Published> published;
    private final Supplier<List<StreamStatus>> streams;
    private final Supplier<AuthorityStatus> authority;
    private final InstantSource clock;
    private final ObjectMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final ScheduledExecutorService timer;
    private @Nullable Map<String, Object> last;
    private Instant written = Instant.MIN;
    private @Nullable String failure;
    private @Nullable Future<?> running;

    /** Makes a writer that does not write yet. */
    public StatusFile(
            Path file,
            Supplier<Published> published,
            Supplier<List<StreamStatus>> streams,
            Supplier<AuthorityStatus> authority,
            InstantSource clock,
            ThreadFactory threads) {
        this.file = file;
        this.published = published;
        this.streams = streams;
        this.authority = authority;
        this.clock = clock;
        this.timer = Executors.newSingleThreadScheduledExecutor(threads);
    }

    /** Writes the file now and then whenever something changed. */
    public void start() {
        write();
        running = timer.scheduleWithFixedDelay(this::write, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void write() {
        try {
            Map<String, Object> report = StatusReport.of(published.get(), streams.get(), authority.get());
            Instant now = clock.instant();
            if (report.equals(last) && now.isBefore(written.plus(LONGEST))) {
                return;
            }
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.write(next, json.writeValueAsBytes(StatusReport.at(now, report)));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            last = report;
            written = now;
            if (failure != null) {
                LOG.info("status file written again file=\"{}\"", file);
                failure = null;
            }
        } catch (IOException | RuntimeException e) {
            // Whatever it is, the next look tries again: a timer would else stop without a word.
            String why = e.getClass().getSimpleName() + " " + e.getMessage();
            if (!why.equals(failure)) {
                LOG.warn(
                        "status file not written file=\"{}\" reason=\"{}\" remedy=\"free space or make its folder writable\"",
                        file,
                        why);
                failure = why;
            }
        }
    }

    @Override
    public void close() {
        if (running != null) {
            running.cancel(false);
        }
        timer.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("status file not removed file=\"{}\" reason=\"{}\"", file, e.getMessage());
        }
    }
}
