package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Hands a manifest to the lab and tells what became of it, in kubectl's words. */
final class Applying {
    private Applying() {}

    static void run(Lab lab, Request.Apply request, Consumer<String> result, Consumer<String> warning)
            throws IOException {
        JsonNode answer = lab.ask(request);
        for (JsonNode change : answer.path("changes")) {
            result.accept(change.path("object").asString("") + " "
                    + change.path("change").asString(""));
        }
        for (JsonNode each : answer.path("warnings")) {
            warning.accept("warning: " + each.asString(""));
        }
    }
}
