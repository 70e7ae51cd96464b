package io.tanja.lab.daemon;

import io.tanja.lab.dns.DnsServer;
import io.tanja.lab.image.Images;
import io.tanja.lab.mesh.ControlPlane;
import io.tanja.lab.mesh.ControlProcess;
import io.tanja.lab.mesh.MeshSidecar;
import io.tanja.lab.mesh.Programs;
import io.tanja.lab.mesh.RootCertificate;
import io.tanja.lab.mesh.SidecarStart;
import io.tanja.lab.mesh.Tokens;
import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.net.NodeNetwork;
import io.tanja.lab.object.Admission;
import io.tanja.lab.object.Store;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.pod.PodHost;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabSettings;
import io.tanja.lab.sandbox.SidecarProgram;
import io.tanja.lab.sandbox.StateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * The lab's main process, started inside the sandbox: only wiring, in the order in which things come to be. When it ends,
 * so does everything in the sandbox.
 */
public final class LabDaemon {
    private static final long MAX_LOG_BYTES = 256L << 20;
    private static final long LOOK_MILLIS = 50;
    private static final long END_SECONDS = 5;
    private static final int LOOKS_PER_CHORE = 200;

    private LabDaemon() {}

    /**
     * Runs a lab until it is told to end, or its owner dies.
     *
     * @param args one argument, the {@link LabSettings} as JSON
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        LabSettings settings = Yaml.JSON.readValue(args[0], LabSettings.class);
        StateFolder folder = new StateFolder(Path.of(settings.folder()));
        FileLock lock =
                folder.lock().orElseThrow(() -> new IOException("the lab \"" + settings.name() + "\" is up already"));
        folder.prepare(settings.uid());

        AddressPlan plan = new AddressPlan(Files.exists(Path.of("/proc/net/if_inet6")));
        NodeNetwork node = NodeNetwork.create(plan);
        SecureRandom random = new SecureRandom();
        DnsServer dns = DnsServer.start(plan.gateways(), 53, random);

        JavaProgram current = JavaProgram.current();
        JavaProgram program = settings.root() ? Programs.readable(current, folder.programs()) : current;
        JavaProgram apps = Programs.forPods(program, folder.programs());
        ControlProcess process = new ControlProcess(program, settings, folder);
        ControlPlane control = new ControlPlane(process);
        int reader = settings.root() ? Privileges.SIDECAR_UID : -1;
        Tokens tokens = Tokens.create(process.tokenKey(), reader, Clock.systemUTC(), random);
        RootCertificate root = new RootCertificate(process.root(), folder.rootCertificate());
        SidecarProgram other = settings.sidecar();
        JavaProgram original = other == null ? current : other.program();
        JavaProgram proxy = other == null
                ? program
                : settings.root()
                        ? Programs.readable(original, folder.programs().resolve("sidecar"))
                        : original;
        SidecarStart start = SidecarStart.of(original, proxy, settings, folder);
        MeshSidecar sidecar = new MeshSidecar(
                proxy, other == null ? List.of() : other.flags(), start, settings, folder, tokens, root);
        Images images = Images.load(Path.of(settings.images()));
        PodHost host = new PodHost(
                plan,
                images,
                new Privileges(settings.root()),
                sidecar,
                folder.logs(),
                nginxConf(plan.ipv6()),
                folder.programs().toString(),
                Clock.systemUTC());

        Store store = new Store();
        Admission admission = new Admission(store, plan, host.clock(), UUID::randomUUID);
        Outside outside =
                new Outside(node, dns, new ManifestFolder(folder.manifests()), control, sidecar, folder.logs());
        Cluster cluster = new Cluster(host, outside, store, admission, random);
        cluster.loop().start();
        cluster.loop().post(() -> {});

        CountDownLatch end = new CountDownLatch(1);
        Requests requests =
                new Requests(cluster, control, new Captures(settings.root()), about(settings, apps), end::countDown);
        LabServer server = LabServer.start(folder.socket(), requests::answer);
        if (settings.owned()) {
            Thread.ofPlatform().name("owner").daemon().start(() -> awaitOwner(end));
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endOnSignal(end, ended), "end"));
        LogLimit limit = new LogLimit(folder.logs(), MAX_LOG_BYTES);
        for (int round = 0; !end.await(LOOK_MILLIS, TimeUnit.MILLISECONDS); round++) {
            root.refresh();
            if (round % LOOKS_PER_CHORE == 0) {
                tokens.refresh();
                limit.apply();
                // What could not be brought in line, for example on a full disk, is tried again.
                cluster.loop().post(() -> {});
            }
        }
        server.close();
        folder.remove();
        lock.acquiredBy().close();
        ended.countDown();
        // Nothing needs to be undone: with this process the kernel ends the sandbox.
        Runtime.getRuntime().halt(0);
    }

    /** What a client needs to know to enter the lab: the sandbox's namespaces, by which it finds the lab's processes. */
    private static ObjectNode about(LabSettings settings, JavaProgram apps) throws IOException {
        ObjectNode about = Yaml.JSON.createObjectNode();
        about.put("name", settings.name());
        about.put("root", settings.root());
        about.put("folder", settings.folder());
        about.put(
                "pidNamespace",
                Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
        about.put("gateway", AddressPlan.GATEWAY.getHostAddress());
        ObjectNode program = about.putObject("program");
        program.put("javaHome", apps.javaHome().toString());
        apps.classPath().forEach(entry -> program.withArrayProperty("classPath").add(entry.toString()));
        return about;
    }

    /** The JVM ends when its hooks have: this one waits until the folder is gone. */
    private static void endOnSignal(CountDownLatch end, CountDownLatch ended) {
        end.countDown();
        try {
            if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the state folder could not be removed in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitOwner(CountDownLatch end) {
        try {
            while (System.in.read() >= 0) {
                // The owner says nothing; it only is there.
            }
        } catch (IOException e) {
            // As good as its end.
        }
        end.countDown();
    }

    private static String nginxConf(boolean ipv6) throws IOException {
        try (InputStream in = Images.class.getResourceAsStream("nginx.conf")) {
            if (in == null) {
                throw new IOException("resource nginx.conf is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return ipv6 ? text.replace("#IPV6 ", "") : text;
        }
    }
}
