package io.tanja.lab;

import io.tanja.lab.protocol.LabClient;
import io.tanja.lab.protocol.Request;
import io.tanja.lab.sandbox.CurrentUser;
import io.tanja.lab.sandbox.InsideProcess;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabName;
import io.tanja.lab.sandbox.LabSettings;
import io.tanja.lab.sandbox.Preflight;
import io.tanja.lab.sandbox.Sandbox;
import io.tanja.lab.sandbox.StateFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A lab from the outside: start one or find one that is up, give it objects, run commands in its pods, capture its
 * packets, break it. Any thread may call.
 */
public final class Lab implements AutoCloseable {
    private static final long END_SECONDS = 20;

    private final StateFolder folder;
    private final LabClient client;
    private final JsonNode about;
    private final @Nullable Sandbox sandbox;
    private final AtomicInteger captures = new AtomicInteger();

    private Lab(StateFolder folder, @Nullable Sandbox sandbox) throws IOException {
        this.folder = folder;
        this.client = new LabClient(folder.socket());
        this.about = client.ask(new Request.Status());
        this.sandbox = sandbox;
    }

    /**
     * Starts a lab and waits until it answers.
     *
     * @throws IOException if the machine lacks something, or a lab of that name is up; the message has the remedy
     */
    public static Lab start(LabOptions options) throws IOException {
        int uid = CurrentUser.uid();
        new Preflight(uid == 0, options.say()).check();
        StateFolder folder = StateFolder.of(options.name(), System.getenv(), uid);
        LabSettings settings = new LabSettings(
                options.name().name(),
                folder.path().toString(),
                uid,
                options.owned(),
                options.images().toString(),
                options.trustDomain().name(),
                options.leafLifetime().toSeconds(),
                options.training(),
                options.sidecar());
        Sandbox sandbox = Sandbox.start(settings, !options.owned());
        return new Lab(folder, sandbox);
    }

    /**
     * Finds a lab that this user has started.
     *
     * @throws IOException if there is none of that name
     */
    public static Lab connect(LabName name) throws IOException {
        StateFolder folder = StateFolder.of(name, System.getenv(), CurrentUser.uid());
        if (!folder.isLive()) {
            throw new IOException("there is no lab \"" + name + "\"; start it with: tanja lab up"
                    + (name.name().equals("default") ? "" : " --name " + name));
        }
        return new Lab(folder, null);
    }

    /**
     * Whether this user has a lab of that name that is up.
     *
     * @throws IOException if the lab's folder cannot be looked at
     */
    public static boolean isUp(LabName name) throws IOException {
        return StateFolder.of(name, System.getenv(), CurrentUser.uid()).isLive();
    }

    /** What the lab says of itself. */
    public JsonNode status() throws IOException {
        return client.ask(new Request.Status());
    }

    /** Takes in objects; those that do not say their namespace go into {@code default}. */
    public JsonNode apply(String yaml) throws IOException {
        return apply(yaml, "default");
    }

    /**
     * Takes in objects: makes them or changes those that are there.
     *
     * @param namespace the namespace of objects that do not say theirs
     * @return the changes and warnings
     * @throws LabClient.Refused if anything is wrong; then nothing has been applied
     */
    public JsonNode apply(String yaml, String namespace) throws IOException {
        return client.ask(new Request.Apply(yaml, "manifest", namespace, false));
    }

    /** Removes an object. */
    public void delete(String kind, String namespace, String name) throws IOException {
        client.ask(new Request.Delete(kind, namespace, List.of(name), ""));
    }

    /**
     * Reads objects.
     *
     * @param kind a kind's name as for kubectl
     * @param namespace their namespace, empty for all
     * @param selector equality selector, empty for none
     */
    public JsonNode get(String kind, String namespace, String selector) throws IOException {
        return client.ask(new Request.Get(kind, namespace, List.of(), selector));
    }

    /** Asks the daemon anything else. */
    public JsonNode ask(Request request) throws IOException {
        return client.ask(request);
    }

    /**
     * Waits until every pod and deployment is ready.
     *
     * @throws LabClient.Refused after the timeout, with what is missing
     */
    public void awaitReady(Duration timeout) throws IOException {
        client.ask(new Request.Await("", "", timeout.toMillis()));
    }

    /**
     * Waits until a pod or deployment is ready.
     *
     * @param target a pod's name or {@code deploy/NAME}
     */
    public void awaitReady(String namespace, String target, Duration timeout) throws IOException {
        client.ask(new Request.Await(namespace, target, timeout.toMillis()));
    }

    /** A pod that is meant by its name, {@code deploy/NAME} or {@code service/NAME}. */
    public JsonNode locate(String namespace, String target) throws IOException {
        return client.ask(new Request.Locate(namespace, target));
    }

    /** The addresses of a pod, IPv4 first. */
    public List<InetAddress> addresses(String namespace, String target) throws IOException {
        return locate(namespace, target)
                .path("addresses")
                .valueStream()
                .map(each -> InetAddress.ofLiteral(each.asString("")))
                .toList();
    }

    /** The command line that runs {@code command} in a pod, as the pod's application would run it. */
    public List<String> enter(String namespace, String target, List<String> command) throws IOException {
        JsonNode pod = locate(namespace, target);
        long anchor = pod.path("anchor").asLong(0);
        if (anchor == 0) {
            throw new IOException("pod " + pod.path("pod").asString("")
                    + " does not run yet; wait with: tanja lab wait -n " + namespace);
        }
        long pid = InsideProcess.find(about.path("pidNamespace").asString(""), anchor);
        return EnterCommand.of(
                pid, about.path("root").asBoolean(false), pod.path("pod").asString(""), command);
    }

    /**
     * Runs a command in a pod and waits for its end.
     *
     * @param target a pod's name or {@code deploy/NAME}
     */
    public ExecResult exec(String namespace, String target, List<String> command) throws IOException {
        return Execution.run(enter(namespace, target, command));
    }

    /**
     * Starts to capture on the lab's node.
     *
     * @param filter tcpdump's expression, such as {@code tcp port 80}
     */
    public PacketCapture capture(String... filter) throws IOException {
        Path file = folder.captures()
                .resolve("capture-" + captures.incrementAndGet() + "-"
                        + ProcessHandle.current().pid() + ".pcap");
        return capture(false, List.of(), List.of(filter), file);
    }

    /** Starts to capture on the lab's node into a file of one's own, as packets or as text. */
    public PacketCapture capture(boolean print, List<String> options, List<String> filter, Path file)
            throws IOException {
        return new PacketCapture(client, client.ask(new Request.Capture(print, options, filter, file.toString())));
    }

    /** The log of a pod's container; {@code istio-proxy} is the sidecar. */
    public String logs(String namespace, String target, String container) throws IOException {
        return Files.readString(logFile(namespace, target, container));
    }

    /** Where a container's log is. */
    public Path logFile(String namespace, String target, String container) throws IOException {
        JsonNode pod = locate(namespace, target);
        return folder.logs()
                .resolve(pod.path("namespace").asString("") + "_"
                        + pod.path("pod").asString("") + "_" + container + ".log");
    }

    /** Where the control plane's log is. */
    public Path controlPlaneLog() {
        return folder.logs().resolve("control-plane.log");
    }

    /** Where the daemon's own log is. */
    public Path daemonLog() {
        return folder.daemonLog();
    }

    /** How a pod's application can start a main class of this project. */
    public JavaProgram program() {
        List<Path> classPath = about.path("program")
                .path("classPath")
                .valueStream()
                .map(each -> Path.of(each.asString("")))
                .toList();
        return new JavaProgram(Path.of(about.path("program").path("javaHome").asString("")), classPath);
    }

    /** The folder that the lab and its clients share. */
    public StateFolder folder() {
        return folder;
    }

    /** Kills the control plane with SIGKILL; it stays away. */
    public void killControlPlane() throws IOException {
        client.ask(new Request.Kill("control-plane", "", ""));
    }

    /** Ends the control plane if it runs, and starts it again. */
    public void restartControlPlane() throws IOException {
        client.ask(new Request.Restart());
    }

    /** Kills a pod's sidecar with SIGKILL; it stays away. */
    public void killProxy(String namespace, String target) throws IOException {
        client.ask(new Request.Kill("proxy", namespace, target));
    }

    /** The process around the sandbox, if this object started it. */
    public @Nullable Process process() {
        return sandbox == null ? null : sandbox.process();
    }

    /** Ends the lab with everything in it. */
    @Override
    public void close() throws IOException {
        try {
            client.ask(new Request.Down());
        } catch (IOException e) {
            // It may be dead already; what counts is that it is gone in the end.
            if (folder.isLive()) {
                throw e;
            }
        }
        awaitEnd();
        if (!folder.isLive()) {
            folder.remove();
        }
    }

    private void awaitEnd() throws IOException {
        try {
            if (sandbox != null) {
                if (!sandbox.process().waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                    sandbox.kill();
                }
                return;
            }
            for (long waited = 0; folder.isLive() && waited < END_SECONDS * 1_000; waited += 20) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
