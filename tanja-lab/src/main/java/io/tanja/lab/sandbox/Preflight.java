package io.tanja.lab.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Checks what the lab needs before it starts, and as root on Debian and Ubuntu installs what is missing.
 *
 * @param root whether root asks
 * @param say where announcements go, one line each
 */
public record Preflight(boolean root, Consumer<String> say) {
    /** Where programs are looked for: ordinary users often lack the folders with "sbin". */
    public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final long INSTALL_MINUTES = 10;

    /**
     * Makes sure that a lab can start.
     *
     * @throws IOException if not; the message says what is missing and what to do
     */
    public void check() throws IOException {
        List<Requirement> missing = missing(Preflight::onPath);
        if (!missing.isEmpty()) {
            if (root && onPath("apt-get")) {
                install(packages(missing));
                missing = missing(Preflight::onPath);
            }
            if (!missing.isEmpty()) {
                throw new IOException(advice(missing));
            }
        }
        if (!root) {
            userNamespaces();
        }
    }

    /** The requirements that {@code there} does not find. */
    static List<Requirement> missing(Predicate<String> there) {
        return Requirement.ALL.stream()
                .filter(each -> !there.test(each.program()))
                .toList();
    }

    /** What to tell someone for whom we do not install. */
    static String advice(List<Requirement> missing) {
        StringBuilder text = new StringBuilder("the lab needs programs that this machine does not have:");
        for (Requirement each : missing) {
            text.append("\n  ")
                    .append(each.program())
                    .append(" (")
                    .append(each.purpose())
                    .append(')');
        }
        return text.append("\non Debian and Ubuntu: sudo apt-get install ")
                .append(String.join(" ", packages(missing)))
                .append("\nelsewhere: the packages that hold these programs, often named alike")
                .toString();
    }

    private static Set<String> packages(List<Requirement> missing) {
        Set<String> packages = new LinkedHashSet<>();
        missing.forEach(each -> packages.add(each.debianPackage()));
        return packages;
    }

    private void install(Set<String> packages) throws IOException {
        say.accept("installing with apt-get what the lab needs and this machine lacks: " + String.join(" ", packages));
        List<String> command = new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        command.addAll(packages);
        String output = run(List.of("apt-get", "update"), INSTALL_MINUTES);
        if (!output.isEmpty()) {
            say.accept("apt-get update had a problem, going on: " + output.strip());
        }
        String problem = run(command, INSTALL_MINUTES);
        if (!problem.isEmpty()) {
            throw new IOException("apt-get could not install " + String.join(" ", packages) + ":\n" + problem.strip());
        }
    }

    private static void userNamespaces() throws IOException {
        String problem =
                run(List.of("unshare", "--user", "--map-current-user", "--keep-caps", "--net", "--mount", "true"), 1);
        if (!problem.isEmpty()) {
            throw new IOException("this user may not make user namespaces (" + problem.strip() + "); either run the"
                    + " lab as root, or have root allow them, whichever of these settings the machine has:\n"
                    + "  sysctl -w kernel.unprivileged_userns_clone=1\n"
                    + "  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\n"
                    + "  sysctl -w user.max_user_namespaces=10000");
        }
    }

    /** Runs a command; returns what it printed if it failed, else an empty text. */
    private static String run(List<String> command, long minutes) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", PATH);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
                return command.getFirst() + " did not end within " + minutes + " minutes";
            }
            return process.exitValue() == 0 ? "" : output.isBlank() ? "status " + process.exitValue() : output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getFirst(), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean onPath(String program) {
        for (String folder : PATH.split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
