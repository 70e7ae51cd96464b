package io.tanja.lab.mesh;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.net.PodNamespace;
import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.pod.ReadinessProbe;
import io.tanja.lab.pod.Sidecar;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabSettings;
import io.tanja.proxy.launch.ProxyJvm;
import io.tanja.proxy.redirect.ProcessTool;
import io.tanja.proxy.redirect.ProxyOwner;
import io.tanja.proxy.redirect.Redirect;
import io.tanja.proxy.redirect.RedirectException;
import io.tanja.proxy.redirect.RedirectOptions;
import io.tanja.proxy.redirect.Tool;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts pods into the mesh with the project's own proxy, as an injected pod of a cluster is put. */
public final class MeshSidecar implements Sidecar {
    private static final String MAIN = "io.tanja.proxy.ProxyMain";
    private static final Tool PROGRAMS = new ProcessTool();

    private final JavaProgram program;
    private final Privileges privileges;
    private final PodCredentials credentials;
    private final LabSettings settings;

    /**
     * Makes it.
     *
     * @param program the classes and the JDK, where the sidecars' user can read them
     * @param credentials what a sidecar shows to the control plane
     * @param settings the lab's trust domain and lifetime of certificates
     */
    public MeshSidecar(JavaProgram program, Privileges privileges, PodCredentials credentials, LabSettings settings) {
        this.program = program;
        this.privileges = privileges;
        this.credentials = credentials;
        this.settings = settings;
    }

    @Override
    public void redirect(PodPlan pod, PodNamespace namespace) throws IOException {
        Tool inside = (command, input) -> {
            List<String> words = new ArrayList<>(namespace.enterNetwork());
            words.addAll(command);
            return PROGRAMS.run(words, input);
        };
        ProxyOwner owner = privileges.mark() == 0 ? ProxyOwner.ISTIO : new ProxyOwner.Mark(privileges.mark());
        try {
            new Redirect(inside).apply(RedirectOptions.DEFAULT.withOwner(owner));
        } catch (RedirectException e) {
            throw new IOException("the redirect of pod " + pod + " cannot be set: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while setting the redirect of pod " + pod);
        }
    }

    @Override
    public Process start(PodPlan pod, PodNamespace namespace, Path log) throws IOException {
        PodCredentials.Files files = credentials.issue(pod);
        List<String> command = new ArrayList<>(namespace.enterNetwork());
        command.addAll(privileges.sidecar());
        command.addAll(program.command(
                ProxyJvm.flags(),
                MAIN,
                List.of(
                        "--control", AddressPlan.GATEWAY.getHostAddress() + ":" + ControlProcess.PORT,
                        "--control-name", ControlProcess.NAME,
                        "--trust-domain", settings.trustDomain(),
                        "--certificate-ttl", settings.leafSeconds() + "s",
                        "--pod", pod.name(),
                        "--namespace", pod.namespace(),
                        "--service-account", pod.serviceAccount(),
                        "--pod-ip", pod.addresses().getFirst().getHostAddress(),
                        "--token-file", files.token().toString(),
                        "--root-cert-file", files.roots().toString(),
                        "--event-loops", "1",
                        "--socket-mark", Integer.toString(privileges.mark()))));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(ProxyJvm.environment());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.redirectInput(Path.of("/dev/null").toFile());
        return builder.start();
    }

    @Override
    public boolean ready(PodPlan pod) {
        return ReadinessProbe.ask(pod.addresses().getFirst());
    }
}
