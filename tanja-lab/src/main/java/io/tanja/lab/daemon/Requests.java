package io.tanja.lab.daemon;

import io.tanja.lab.mesh.ControlPlane;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.Rejected;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.protocol.Request;
import io.tanja.lab.protocol.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers every request, on the thread of its connection; what touches objects is handed to the cluster's thread. */
final class Requests {
    private final Cluster cluster;
    private final Answers answers;
    private final ControlPlane control;
    private final Captures captures;
    private final ObjectNode about;
    private final Runnable end;

    /**
     * Answers for a lab.
     *
     * @param about what a client needs to know of the lab
     * @param end ends the lab
     */
    Requests(Cluster cluster, ControlPlane control, Captures captures, ObjectNode about, Runnable end) {
        this.cluster = cluster;
        this.answers = new Answers(cluster);
        this.control = control;
        this.captures = captures;
        this.about = about;
        this.end = end;
    }

    Response answer(Request request) {
        try {
            return Response.of(result(request));
        } catch (Rejected | IOException | UncheckedIOException | IllegalStateException e) {
            return Response.failure(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Response.failure("the lab ends");
        }
    }

    private JsonNode result(Request request) throws Rejected, IOException, InterruptedException {
        return switch (request) {
            case Request.Apply apply -> cluster.loop().call(() -> answers.apply(apply));
            case Request.Delete delete -> cluster.loop().call(() -> answers.delete(delete));
            case Request.Get get -> cluster.loop().call(() -> answers.get(get));
            case Request.Label label -> cluster.loop().call(() -> answers.label(label));
            case Request.Locate locate -> cluster.loop().call(() -> answers.locate(locate));
            case Request.Await await -> await(await);
            case Request.Capture capture ->
                Yaml.JSON.createObjectNode().put("id", captures.start(capture)).put("file", capture.file());
            case Request.EndCapture capture ->
                Yaml.JSON
                        .createObjectNode()
                        .put("file", captures.end(capture.id()).toString());
            case Request.Kill kill -> kill(kill);
            case Request.Restart _ -> {
                control.restart();
                yield Yaml.JSON.createObjectNode();
            }
            case Request.Status _ -> about.deepCopy().put("controlPlane", control.running());
            case Request.Down _ -> {
                end.run();
                yield Yaml.JSON.createObjectNode();
            }
        };
    }

    private JsonNode await(Request.Await request) throws Rejected, IOException, InterruptedException {
        CompletableFuture<Void> done =
                cluster.loop().call(() -> cluster.waiters().add(() -> missing(request)));
        try {
            done.get(request.timeoutMillis(), TimeUnit.MILLISECONDS);
            return Yaml.JSON.createObjectNode();
        } catch (TimeoutException e) {
            done.cancel(false);
            List<String> missing = cluster.loop().call(() -> answers.missing(request));
            throw new IOException(
                    "not ready after " + request.timeoutMillis() / 1_000.0 + " s:\n  " + String.join("\n  ", missing));
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private List<String> missing(Request.Await request) {
        try {
            return answers.missing(request);
        } catch (Rejected e) {
            // What is waited for may still be made.
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private JsonNode kill(Request.Kill request) throws Rejected, InterruptedException {
        if (request.what().equals("control-plane")) {
            if (!control.kill()) {
                throw new Rejected("the control plane does not run; start it with: tanja lab restart");
            }
            return Yaml.JSON.createObjectNode();
        }
        cluster.loop().call(() -> {
            LabObject pod = answers.target(request.namespace(), request.target());
            if (!cluster.killContainer(pod.key(), PodPlan.SIDECAR)) {
                throw new Rejected(pod.key() + " has no running sidecar");
            }
            return pod;
        });
        return Yaml.JSON.createObjectNode();
    }
}
