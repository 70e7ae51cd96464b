package io.tanja.control.lead;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Looks again and again, on a thread of its own, whether there is something to do: after a pause, or at once when told of a
 * change. Any thread may tell it and close it.
 */
public final class Duty implements AutoCloseable {
    private final Runnable look;
    private final long pauseMillis;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;
    /** Besides the interrupt, which the client library may swallow. */
    private volatile boolean closed;

    /**
     * Makes one that does not run yet.
     *
     * @param look what it does each time; must not throw
     * @param pause from one look to the next, if nothing changes
     */
    public Duty(Runnable look, Duration pause, ThreadFactory threads) {
        this.look = look;
        this.pauseMillis = pause.toMillis();
        this.thread = threads.newThread(this::run);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** Tells that there may be something to do now. */
    public void changed() {
        changes.release();
    }

    private void run() {
        try {
            while (!closed) {
                if (changes.tryAcquire(pauseMillis, TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
                look.run();
            }
        } catch (InterruptedException e) {
            // It is closed.
        }
    }

    /** Ends it, and waits until a look that is under way has ended. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
