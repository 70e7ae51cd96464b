package io.tanja.proxy.identity;

import java.time.Duration;
import java.util.concurrent.Executor;

/** The one thread that writes the proxy's state, and its alarm clock. */
public interface ControlLoop extends Executor {
    /** Runs a task on the loop, once, not before {@code delay} is over. */
    void after(Duration delay, Runnable task);
}
