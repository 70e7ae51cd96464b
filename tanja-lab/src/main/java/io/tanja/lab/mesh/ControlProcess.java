package io.tanja.lab.mesh;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabSettings;
import io.tanja.lab.sandbox.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the control plane is started on the lab's node.
 *
 * @param program the classes and the JDK
 * @param settings the lab's
 * @param folder the lab's
 */
public record ControlProcess(JavaProgram program, LabSettings settings, StateFolder folder)
        implements ControlPlane.Starter {
    /** Where sidecars reach it. */
    public static final int PORT = 15_012;

    /** The name in its certificate by which sidecars know it. */
    public static final String NAME = "tanja-control.tanja-system.svc";

    private static final String MAIN = "io.tanja.control.ControlMain";
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** The control plane's log. */
    public Path log() {
        return folder.logs().resolve("control-plane.log");
    }

    /** Its roots, there once it has made its CA. */
    public Path roots() {
        return folder.control().resolve("ca/root-cert.pem");
    }

    /** The public key of who signs the sidecars' tokens; must be there before the start. */
    public Path tokenKey() {
        return folder.control().resolve("token.key");
    }

    @Override
    public Process start() throws IOException {
        Privileges privileges = new Privileges(settings.root());
        Path ca = folder.control().resolve("ca");
        Files.createDirectories(ca);
        if (settings.root()) {
            for (Path own : List.of(folder.control(), ca)) {
                Files.setAttribute(own, "unix:uid", Privileges.CONTROL_UID);
            }
        }
        List<String> command = new ArrayList<>(privileges.control());
        command.addAll(program.command(
                JVM,
                MAIN,
                List.of(
                        "--manifests", folder.manifests().toString(),
                        "--listen", AddressPlan.GATEWAY.getHostAddress() + ":" + PORT,
                        "--trust-domain", settings.trustDomain(),
                        "--root-namespace", "tanja-system",
                        "--ca-dir", ca.toString(),
                        "--token-key", tokenKey().toString(),
                        "--status-file", folder.control().resolve("status.json").toString(),
                        "--leaf-ttl", settings.leafSeconds() + "s")));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.control().toFile());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.redirectInput(Path.of("/dev/null").toFile());
        return builder.start();
    }
}
