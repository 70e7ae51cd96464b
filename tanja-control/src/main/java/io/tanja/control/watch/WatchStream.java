package io.tanja.control.watch;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one open watch. Filled by the HTTP client's threads, one chunk at a time: the next one is asked for when the
 * reader has taken all lines of the last, so that a slow reader slows the server down instead of filling the memory.
 */
final class WatchStream implements AutoCloseable {
    /** Far above what etcd stores of one object. */
    private static final int MAX_LINE = 8 << 20;

    /** What the reader meets. */
    sealed interface Signal {
        /** One event. */
        record Line(String json) implements Signal {}

        /** All lines of a chunk were taken. */
        record ChunkEnds(AsyncBody body) implements Signal {}

        /** The server ended the watch, as it does from time to time. */
        record Ended() implements Signal {}

        /** The connection broke. */
        record Broken(String why) implements Signal {}

        /** Nothing came for as long as the reader was willing to wait. */
        record Silence() implements Signal {}
    }

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private volatile @Nullable AsyncBody body;

    /** Takes a chunk; called by the HTTP client. */
    void chunk(List<ByteBuffer> buffers, AsyncBody from) {
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next != '\n') {
                    line.write(next);
                } else if (line.size() > 0) {
                    signals.add(new Signal.Line(line.toString(StandardCharsets.UTF_8)));
                    line.reset();
                }
            }
        }
        if (line.size() > MAX_LINE) {
            signals.add(new Signal.Broken("an event has more than " + MAX_LINE + " bytes"));
            return;
        }
        signals.add(new Signal.ChunkEnds(from));
    }

    /** Begins to read the body of an answer. */
    void open(AsyncBody answer) {
        body = answer;
        var _ = answer.done()
                .whenComplete((nothing, error) -> signals.add(
                        error == null ? new Signal.Ended() : new Signal.Broken("the watch broke: " + error)));
        answer.consume();
    }

    /** Waits for the next event or the end, for at most {@code patience}. Called by one thread. */
    Signal next(Duration patience) throws InterruptedException {
        while (true) {
            Signal signal = signals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (signal == null) {
                return new Signal.Silence();
            }
            if (!(signal instanceof Signal.ChunkEnds(AsyncBody from))) {
                return signal;
            }
            from.consume();
        }
    }

    @Override
    public void close() {
        AsyncBody open = body;
        if (open != null) {
            open.cancel();
        }
    }
}
