package io.tanja.lab.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's process. It is not restarted by itself: a lab is where one looks at what happens without it. Any
 * thread may call; the monitor makes them one.
 */
public final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final long END_SECONDS = 5;

    private final Starter starter;
    private @Nullable Process process;
    private boolean wanted;

    /** Starts the process. */
    public interface Starter {
        /** Starts it; its output must go somewhere. */
        Process start() throws IOException;
    }

    /** Nothing runs until {@link #follow}. */
    public ControlPlane(Starter starter) {
        this.starter = starter;
    }

    /** Starts or ends the process when {@code enabled} changes. */
    public synchronized void follow(boolean enabled) {
        if (enabled == wanted) {
            return;
        }
        wanted = enabled;
        if (enabled) {
            try {
                process = starter.start();
            } catch (IOException e) {
                LOG.error("the control plane cannot be started", e);
            }
        } else {
            end(false);
        }
    }

    /**
     * Ends the process if it runs and starts it again.
     *
     * @throws IllegalStateException if the module is not enabled
     */
    public synchronized void restart() {
        if (!wanted) {
            throw new IllegalStateException("there is no control plane: the ModuleConfig istio is not enabled");
        }
        end(false);
        try {
            process = starter.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the process with SIGKILL; false if it did not run. */
    public synchronized boolean kill() {
        boolean ran = running();
        end(true);
        return ran;
    }

    /** Whether the process runs. */
    public synchronized boolean running() {
        return process != null && process.isAlive();
    }

    private void end(boolean forcibly) {
        Process current = process;
        if (current == null) {
            return;
        }
        try {
            if (!forcibly) {
                current.destroy();
                current.waitFor(END_SECONDS, TimeUnit.SECONDS);
            }
            current.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }
}
