package io.tanja.lab.pod;

import io.tanja.lab.image.Images;
import io.tanja.lab.net.PodNamespace;
import io.tanja.lab.pod.ContainerState.Running;
import io.tanja.lab.pod.ContainerState.Terminated;
import io.tanja.lab.pod.ContainerState.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one pod, from its namespaces to its end, on one thread that owns all its processes and states (not a virtual
 * one: waiting for processes would hold its carrier). Others only read what it publishes, and tell it to stop.
 *
 * <p>The order is the promise: the redirect stands before the first process of the pod, the sidecar serves before the
 * application starts, and when the sidecar dies the redirect stays, so that nothing goes around it.
 */
public final class PodRunner {
    private static final Logger LOG = LoggerFactory.getLogger(PodRunner.class);
    private static final long WATCH_MILLIS = 150;
    private static final long START_MILLIS = 20;
    private static final int LOOKS_PER_QUESTION = 7;
    private static final String CREATING = "ContainerCreating";
    private static final String INITIALIZING = "PodInitializing";

    private final PodHost host;
    private final PodPlan plan;
    private final Consumer<PodStatus> sink;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final Map<String, ContainerState> states = new LinkedHashMap<>();
    private final Map<String, Process> processes = new ConcurrentHashMap<>();
    private @Nullable PodNamespace namespace;
    private int quietLooks;
    private @Nullable PodStatus published;

    private PodRunner(PodHost host, PodPlan plan, Consumer<PodStatus> sink) {
        this.host = host;
        this.plan = plan;
        this.sink = sink;
    }

    /**
     * Starts a pod.
     *
     * @param sink gets every new status, from the pod's thread; the last one is {@link PodStatus#gone}
     */
    public static PodRunner start(PodHost host, PodPlan plan, Consumer<PodStatus> sink) {
        PodRunner runner = new PodRunner(host, plan, sink);
        Thread.ofPlatform().daemon().name("pod-" + plan).start(runner::live);
        return runner;
    }

    /** What the pod is to be. */
    public PodPlan plan() {
        return plan;
    }

    /** Asks the processes to end; after the grace period they are killed. */
    public void stop() {
        stopping.countDown();
    }

    /** Kills the processes at once. */
    public void abandon() {
        stopping.countDown();
        abandoned.countDown();
    }

    /** Kills a container with SIGKILL; false if it does not run. Any thread may call. */
    public boolean kill(String container) {
        Process process = processes.get(container);
        if (process == null || !process.isAlive()) {
            return false;
        }
        process.destroyForcibly();
        return true;
    }

    private void live() {
        for (ContainerPlan container : plan.containers()) {
            states.put(container.name(), new Waiting(plan.meshed() ? INITIALIZING : CREATING, ""));
        }
        if (plan.meshed()) {
            states.put(PodPlan.SIDECAR, new Waiting(CREATING, ""));
        }
        publish();
        try {
            begin();
        } catch (IOException e) {
            LOG.warn("pod {} cannot start", plan, e);
            states.replaceAll((_, state) -> state instanceof Waiting
                    ? new Waiting("CreateContainerError", String.valueOf(e.getMessage()))
                    : state);
        }
        try {
            // Often at first, so that a pod is ready soon; a process that dies at once has never been ready.
            for (long pause = START_MILLIS; !stopping.await(pause, TimeUnit.MILLISECONDS); ) {
                watch();
                publish();
                pause = allReady() ? WATCH_MILLIS : Math.min(WATCH_MILLIS, pause + START_MILLIS / 4);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    private void begin() throws IOException {
        PodNamespace made = PodNamespace.create(host.network(), plan.index(), host.files(plan));
        namespace = made;
        if (plan.meshed()) {
            host.sidecar().redirect(plan, made);
            Path log = host.log(plan.namespace(), plan.name(), PodPlan.SIDECAR);
            ContainerProcess.openLog(log, host.privileges().root() ? Privileges.SIDECAR_UID : -1);
            started(PodPlan.SIDECAR, host.sidecar().start(plan, made, log));
            if (!awaitSidecar()) {
                return;
            }
        }
        for (ContainerPlan container : plan.containers()) {
            Optional<List<String>> words =
                    host.images().command(container.image(), container.command(), container.args());
            if (words.isEmpty()) {
                states.put(container.name(), new Waiting("ErrImagePull", unknown(container.image())));
            } else {
                Process process = ContainerProcess.start(host, plan, made, container, words.get());
                started(container.name(), process);
            }
        }
        publish();
    }

    private String unknown(String image) {
        return "the lab does not know what image \"" + image + "\" stands for on this machine; add an entry \""
                + Images.shortName(image) + "\" to " + host.images().extension()
                + ", or give the container a command";
    }

    private void started(String name, Process process) {
        processes.put(name, process);
        states.put(name, new Running(host.clock().instant(), false));
    }

    /** Waits until the sidecar serves; false if it died or the pod is to stop first. */
    private boolean awaitSidecar() {
        publish();
        try {
            while (!stopping.await(START_MILLIS, TimeUnit.MILLISECONDS)) {
                watch();
                publish();
                ContainerState state = states.get(PodPlan.SIDECAR);
                if (state instanceof Terminated) {
                    waitForever();
                    return false;
                }
                if (state != null && state.isReady()) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void waitForever() {
        String message = "waits for the sidecar, which has ended; see tanja lab logs -n " + plan.namespace() + " "
                + plan.name() + " -c " + PodPlan.SIDECAR;
        states.replaceAll((_, state) -> state instanceof Waiting ? new Waiting(INITIALIZING, message) : state);
    }

    /**
     * What is ready is looked at less often: the kernel walks all its connections to list the ports of one pod, and every
     * question to a sidecar is a connection. Whether processes live is looked at each time.
     */
    private void watch() {
        quietLooks = allReady() ? quietLooks + 1 : 0;
        boolean quiet = quietLooks % LOOKS_PER_QUESTION != 0;
        Set<Integer> listening = quiet ? Set.of() : listening();
        for (ContainerPlan container : plan.containers()) {
            observe(container.name(), () -> quiet || listening.containsAll(container.ports()));
        }
        if (plan.meshed()) {
            observe(PodPlan.SIDECAR, () -> quiet || host.sidecar().ready(plan));
        }
    }

    private void observe(String name, BooleanSupplier serves) {
        Process process = processes.get(name);
        if (process == null || !(states.get(name) instanceof Running running)) {
            return;
        }
        if (!process.isAlive()) {
            states.put(name, new Terminated(process.exitValue(), running.since(), now()));
        } else {
            states.put(name, new Running(running.since(), serves.getAsBoolean()));
        }
    }

    private boolean allReady() {
        return states.values().stream().allMatch(ContainerState::isReady);
    }

    private Set<Integer> listening() {
        PodNamespace current = namespace;
        try {
            return current == null ? Set.of() : Listening.ports(current.pid());
        } catch (IOException e) {
            LOG.debug("pod {}: its listening ports cannot be read", plan, e);
            return Set.of();
        }
    }

    private void publish() {
        PodNamespace current = namespace;
        PodStatus status = new PodStatus(states, current == null ? 0 : current.pid(), false);
        if (!status.equals(published)) {
            published = status;
            sink.accept(status);
        }
    }

    private void end() {
        PodNamespace current = namespace;
        if (current != null) {
            try {
                new PodEnd(current.pid(), abandoned).run(plan.graceSeconds());
            } catch (IOException e) {
                LOG.warn("pod {}: its processes cannot be listed", plan, e);
            }
            current.close();
        }
        sink.accept(new PodStatus(states, 0, true));
    }

    private Instant now() {
        return host.clock().instant();
    }
}
