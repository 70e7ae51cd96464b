package io.tanja.lab.mesh;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.net.AddressText;
import io.tanja.lab.net.PodNamespace;
import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.pod.ReadinessProbe;
import io.tanja.lab.pod.Sidecar;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabSettings;
import io.tanja.lab.sandbox.StateFolder;
import io.tanja.proxy.launch.ProxyJvm;
import io.tanja.proxy.redirect.ProcessTool;
import io.tanja.proxy.redirect.Redirect;
import io.tanja.proxy.redirect.RedirectException;
import io.tanja.proxy.redirect.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts pods into the mesh with the project's own proxy, as a process in the pod's network.
 *
 * @param program the classes and the JDK
 * @param flags further flags of its JVM
 * @param start how the JVM is helped to start
 * @param settings the lab's
 * @param folder the lab's
 * @param tokens signs the sidecars' tokens
 * @param roots the mesh's roots
 */
public record MeshSidecar(
        JavaProgram program,
        List<String> flags,
        SidecarStart start,
        LabSettings settings,
        StateFolder folder,
        Tokens tokens,
        RootCertificate roots)
        implements Sidecar {
    /** The sidecar's main class. */
    public static final String MAIN = "io.tanja.proxy.ProxyMain";

    private static final Duration ROOT_PATIENCE = Duration.ofSeconds(30);

    @Override
    public void redirect(PodPlan pod, PodNamespace namespace) throws IOException {
        Tool machine = new ProcessTool();
        Tool inside = (command, input) -> {
            List<String> words = new ArrayList<>(namespace.enterNetwork());
            words.addAll(command);
            return machine.run(words, input);
        };
        try {
            new Redirect(inside).apply(RedirectAnnotations.read("Pod " + pod, pod.annotations(), privileges()));
        } catch (RedirectException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while loading the redirect of pod " + pod, e);
        }
    }

    @Override
    public Process start(PodPlan pod, PodNamespace namespace, Path log) throws IOException {
        Path root = roots.await(ROOT_PATIENCE);
        Path own = own(pod);
        Files.createDirectories(own);
        if (settings.root()) {
            Files.setAttribute(own, "unix:uid", Privileges.SIDECAR_UID);
        }
        Path token = own.resolve("istio-token");
        tokens.project(pod, token);
        List<String> command = new ArrayList<>(namespace.enterNetwork());
        command.addAll(privileges().sidecar());
        List<String> jvm = new ArrayList<>(ProxyJvm.flags());
        jvm.addAll(start.flags(pod));
        jvm.addAll(flags);
        // Libraries are unpacked where they go with the lab, not into the machine's /tmp.
        jvm.add("-Djava.io.tmpdir=" + own);
        command.addAll(program.command(jvm, MAIN, flags(pod, token, root)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(ProxyJvm.environment());
        builder.directory(own.toFile());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.redirectInput(Path.of("/dev/null").toFile());
        return builder.start();
    }

    @Override
    public boolean ready(PodPlan pod) {
        return ReadinessProbe.ask(pod.addresses().getFirst());
    }

    @Override
    public void forget(PodPlan pod) throws IOException {
        tokens.forget(own(pod).resolve("istio-token"));
        StateFolder.delete(own(pod));
    }

    private List<String> flags(PodPlan pod, Path token, Path root) {
        return List.of(
                "--control=" + AddressText.of(AddressPlan.GATEWAY) + ":" + ControlProcess.PORT,
                "--control-name=" + ControlProcess.NAME,
                "--trust-domain=" + settings.trustDomain(),
                "--pod=" + pod.name(),
                "--namespace=" + pod.namespace(),
                "--service-account=" + pod.serviceAccount(),
                "--pod-ip=" + AddressText.of(pod.addresses().getFirst()),
                "--token-file=" + token,
                "--root-cert-file=" + root,
                "--certificate-ttl=" + settings.leafSeconds() + "s",
                "--event-loops=1",
                "--socket-mark=" + privileges().mark());
    }

    private Path own(PodPlan pod) {
        return folder.pods().resolve(pod.namespace() + "_" + pod.name());
    }

    private Privileges privileges() {
        return new Privileges(settings.root());
    }
}
