package io.tanja.lab.mesh;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.LabSettings;
import io.tanja.lab.sandbox.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    /** Under which name. */
    public static final String NAME = "tanja-control.tanja-system.svc";

    private static final String MAIN = "io.tanja.control.ControlMain";

    /** The control plane's log. */
    public Path log() {
        return folder.logs().resolve("control-plane.log");
    }

    /** The public key of the sidecars' tokens. */
    public Path tokenKey() {
        return folder.control().resolve("token.pub");
    }

    /** The roots of the CA, once it has been made. */
    public Path root() {
        return ca().resolve("root-cert.pem");
    }

    private Path ca() {
        return folder.control().resolve("ca");
    }

    @Override
    public Process start() throws IOException {
        Privileges privileges = new Privileges(settings.root());
        Path ca = ca();
        Files.createDirectories(ca);
        if (settings.root()) {
            for (Path own : List.of(folder.control(), ca)) {
                Files.setAttribute(own, "unix:uid", Privileges.CONTROL_UID);
                Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
            }
        }
        List<String> command = new ArrayList<>(privileges.control());
        List<String> jvm = new ArrayList<>(JavaProgram.FRUGAL);
        // Libraries are unpacked where they go with the lab, not into the machine's /tmp.
        jvm.add("-Djava.io.tmpdir=" + folder.control());
        command.addAll(program.command(
                jvm,
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
