package io.tanja.proxy.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the lines of the access log. An event loop makes its line in buffers of its own and goes on; one thread writes
 * them out. Nobody waits for the disk: when the writer falls behind, lines are dropped and counted.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final long WARN_EVERY_NANOS = 60_000_000_000L;
    private static final long IDLE_NANOS = 1_000_000_000L;
    private static final int CLOSE_MILLIS = 2000;

    private final AccessLogSettings settings;
    private final OutputStream out;
    private final LongSupplier nanoTime;
    private final List<AccessLogLane> lanes = new CopyOnWriteArrayList<>();
    private final ThreadLocal<AccessLogLane> lane = ThreadLocal.withInitial(this::newLane);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicBoolean pressing = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean closed;
    private volatile @Nullable Thread writer;
    private long lastWarning;
    private boolean warned;
    private boolean torn;
    private long toldLost;

    /**
     * Makes a log; {@link #start} begins to write.
     *
     * @param settings how
     * @param out where to; closed by {@link #close}
     * @param nanoTime monotonic time in nanoseconds
     */
    public AccessLog(AccessLogSettings settings, OutputStream out, LongSupplier nanoTime) {
        this.settings = settings;
        this.out = out;
        this.nanoTime = nanoTime;
    }

    /** Starts the writing thread. */
    public void start() {
        Thread thread = new Thread(this::run, "access-log");
        thread.setDaemon(true);
        writer = thread;
        thread.start();
    }

    /** Lines that are in no file: dropped because the writer was behind, or lost in a failed write. */
    public long dropped() {
        long sum = lost.get();
        for (AccessLogLane each : lanes) {
            sum += each.dropped();
        }
        return sum;
    }

    void request(RequestRecord request) {
        AccessLogLane own = lane.get();
        own.request(request);
        signal(own);
    }

    void connection(ConnectionRecord connection, long endNanos) {
        AccessLogLane own = lane.get();
        own.connection(connection, endNanos);
        signal(own);
    }

    /** Writes what is waiting, then ends the writing thread and closes the stream. Waits 2 s at most. */
    @Override
    public void close() throws IOException {
        closed = true;
        Thread thread = writer;
        if (thread != null) {
            LockSupport.unpark(thread);
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            drain();
        }
        out.close();
    }

    /** Writes what is waiting. Called by the writing thread only. */
    void drain() {
        boolean any = false;
        for (AccessLogLane each : lanes) {
            AccessLogLane.Chunk chunk = each.take();
            if (chunk == null) {
                continue;
            }
            any = true;
            try {
                if (torn) {
                    // The disk may have taken the beginning of a line.
                    out.write('\n');
                    torn = false;
                }
                out.write(chunk.bytes, 0, chunk.length);
                tellLost();
            } catch (IOException e) {
                lost(chunk.lines, e);
            } finally {
                each.giveBack(chunk);
            }
        }
        if (any) {
            try {
                out.flush();
            } catch (IOException e) {
                lost(0, e);
            }
        }
    }

    private void lost(int lines, IOException cause) {
        lost.addAndGet(lines);
        torn = true;
        long now = nanoTime.getAsLong();
        if (!warned || now - lastWarning > WARN_EVERY_NANOS) {
            warned = true;
            lastWarning = now;
            LOG.warn(
                    "access log cannot be written, lines are lost: {}; free the disk or change --access-log",
                    cause.toString());
        }
    }

    /** The warning above may have gone to the same disk. */
    private void tellLost() {
        long all = lost.get();
        if (all > toldLost) {
            LOG.warn("access log is written again; {} lines were lost meanwhile", all - toldLost);
            toldLost = all;
        }
    }

    private void signal(AccessLogLane own) {
        if (!signalled.get() && signalled.compareAndSet(false, true)) {
            LockSupport.unpark(writer);
        } else if (own.isPressing() && !pressing.get() && pressing.compareAndSet(false, true)) {
            LockSupport.unpark(writer);
        }
    }

    private void run() {
        while (!closed) {
            if (!signalled.get()) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
            if (signalled.get()) {
                gather();
                // Before the lines are taken: one that comes from now on signals again.
                signalled.set(false);
                pressing.set(false);
                drain();
            }
        }
        drain();
    }

    /** Lets more lines come, so that they share a write; nobody wakes the writer meanwhile unless there is little room. */
    private void gather() {
        long end = nanoTime.getAsLong() + settings.pauseMillis() * 1_000_000L;
        for (long left = end - nanoTime.getAsLong();
                left > 0 && !pressing.get() && !closed;
                left = end - nanoTime.getAsLong()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private AccessLogLane newLane() {
        AccessLogLane made = new AccessLogLane(settings.format().create(), settings.bufferBytes() / 2);
        lanes.add(made);
        return made;
    }
}
