package io.tanja.lab.training;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.mesh.SidecarStart;
import io.tanja.lab.object.NewObject;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.lab.sandbox.SidecarProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the AOT cache with which sidecars start in a fraction of the time: starts one in a lab, has it do what a sidecar
 * does in its first minute, and lets it write down which classes that took and which methods were hot (JEP 483, 514, 515).
 */
public final class Training {
    private static final String NAMESPACE = "training";
    private static final String POD = "trainee";
    private static final Duration READY = Duration.ofSeconds(60);
    // Writing the cache takes seconds of both cores, after SIGTERM.
    private static final int GRACE_SECONDS = 120;
    private static final long LOOK_MILLIS = 50;
    private static final int LOG_LINES = 10;
    private static final int HTTP = 80;
    private static final int TCP = 81;

    /** What the pod's own client asks: by keep-alive and anew, with bodies, on ports of both kinds, and what is refused. */
    private static final String ASK = """
            i=0
            while [ $i -lt 20 ]; do
              curl -s -m 5 -o /dev/null http://trainee/ http://trainee/?[1-50]
              curl -s -m 5 -o /dev/null --data-binary @/etc/services http://trainee/forbidden http://trainee/
              curl -s -m 5 -o /dev/null http://trainee:81/?[1-50]
              i=$((i+1))
            done
            """;

    private final Consumer<String> say;

    /**
     * Makes one.
     *
     * @param say where progress goes
     */
    public Training(Consumer<String> say) {
        this.say = say;
    }

    /**
     * Runs it if the running program can have a cache and has none that is as new as its jars. Without one everything
     * works, only later: a failure is told and nothing else.
     */
    public void unlessFresh() throws InterruptedException {
        JavaProgram program = JavaProgram.current();
        Path file = SidecarStart.cache(program).orElse(null);
        try {
            if (file != null && Files.isWritable(file.resolveSibling(".")) && !fresh(file, program)) {
                run(file, null);
            }
        } catch (IOException e) {
            say.accept("sidecars will take longer to start: " + e.getMessage());
        }
    }

    private static boolean fresh(Path cache, JavaProgram program) throws IOException {
        if (!Files.exists(cache)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(cache);
        for (Path jar : program.classPath()) {
            if (Files.exists(jar) && Files.getLastModifiedTime(jar).compareTo(made) > 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Runs it.
     *
     * @param file where the cache goes; replaced when the new one is whole
     * @param sidecar the program that the cache is for, null for the running one
     * @throws IOException if no cache came of it; what was there before then stays
     */
    public void run(Path file, @Nullable SidecarProgram sidecar) throws IOException, InterruptedException {
        say.accept("training the sidecar, once after each build: it then starts in less time");
        LabOptions options = LabOptions.named(
                        "training-" + ProcessHandle.current().pid())
                .training(true)
                .sidecar(sidecar)
                .say(say);
        try (Lab lab = Lab.start(options)) {
            lab.apply(objects());
            awaitReady(lab);
            ExecResult asked = lab.exec(NAMESPACE, "deploy/" + POD, List.of("sh", "-c", ASK));
            if (!asked.succeeded()) {
                throw new IOException("the trainee could not ask itself: " + asked.errors());
            }
            lab.apply(NewObject.text(policy(), mode()));
            ExecResult again = lab.exec(NAMESPACE, "deploy/" + POD, List.of("sh", "-c", ASK));
            if (!again.succeeded()) {
                throw new IOException("the trainee could not ask itself: " + again.errors());
            }
            String pod = lab.locate(NAMESPACE, "deploy/" + POD).path("pod").asString("");
            say.accept("writing the cache");
            Path log = lab.logFile(NAMESPACE, "deploy/" + POD, "istio-proxy");
            lab.delete("Deployment", NAMESPACE, POD);
            Path written = lab.folder().training().resolve(pod + ".aot");
            await(lab, pod);
            if (!Files.exists(written)) {
                throw new IOException("the sidecar wrote no cache; the end of its log: " + end(log));
            }
            Path near = file.resolveSibling(file.getFileName() + ".new");
            Files.copy(written, near, StandardCopyOption.REPLACE_EXISTING);
            Files.move(near, file, StandardCopyOption.ATOMIC_MOVE);
        }
        say.accept("AOT cache: " + file + ", " + (Files.size(file) >> 20) + " MB");
    }

    private static void awaitReady(Lab lab) throws IOException {
        try {
            lab.awaitReady(READY);
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + "; the end of the sidecar's log: "
                            + end(lab.logFile(NAMESPACE, "deploy/" + POD, "istio-proxy")),
                    e);
        }
    }

    private static void await(Lab lab, String pod) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(GRACE_SECONDS).toNanos();
        while (!lab.get("pods", NAMESPACE, "").isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IOException("pod " + pod + " does not end");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static String end(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log).stream()
                .filter(line -> !line.startsWith("{"))
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    private static String objects() {
        ObjectNode module = NewObject.of("deckhouse.io/v1alpha1", "ModuleConfig", "istio");
        module.putObject("spec").put("version", 2).put("enabled", true);
        ObjectNode namespace = NewObject.of("v1", "Namespace", NAMESPACE);
        namespace.withObjectProperty("metadata").putObject("labels").put("istio-injection", "enabled");
        String serve = "sed -e 's#listen 80;#listen 80; listen 81;#' /etc/nginx/nginx.conf > /tmp/nginx.conf"
                + " && exec nginx -c /tmp/nginx.conf -g 'daemon off;'";
        ObjectNode deployment = NewObject.deployment(
                NewObject.of("apps/v1", "Deployment", NAMESPACE, POD),
                List.of(NewObject.container(
                        "web", "docker.io/library/nginx:1.26-alpine", List.of("sh", "-c", serve), List.of(HTTP, TCP))));
        NewObject.template(deployment).withObjectProperty("spec").put("terminationGracePeriodSeconds", GRACE_SECONDS);
        ObjectNode service = NewObject.service(NewObject.of("v1", "Service", NAMESPACE, POD), Map.of("app", POD));
        NewObject.port(service, HTTP, HTTP).put("name", "http");
        NewObject.port(service, TCP, TCP).put("name", "tcp");
        return NewObject.text(module, namespace, deployment, service);
    }

    private static ObjectNode policy() {
        ObjectNode policy = NewObject.of("security.istio.io/v1", "AuthorizationPolicy", NAMESPACE, "mesh");
        ObjectNode spec = policy.putObject("spec");
        spec.put("action", "DENY");
        ObjectNode operation = spec.withArrayProperty("rules")
                .addObject()
                .putArray("to")
                .addObject()
                .putObject("operation");
        operation.putArray("paths").add("/forbidden");
        operation.putArray("ports").add(String.valueOf(HTTP));
        return policy;
    }

    private static ObjectNode mode() {
        ObjectNode strict = NewObject.of("security.istio.io/v1", "PeerAuthentication", NAMESPACE, "default");
        strict.putObject("spec").putObject("mtls").put("mode", "STRICT");
        return strict;
    }
}
