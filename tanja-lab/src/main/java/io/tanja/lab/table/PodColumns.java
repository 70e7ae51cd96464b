package io.tanja.lab.table;

import tools.jackson.databind.JsonNode;

/** What kubectl shows of a pod's state. */
public final class PodColumns {
    private PodColumns() {}

    /** The column READY: {@code 2/2}. */
    public static String ready(JsonNode pod) {
        int ready = 0;
        int all = 0;
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            ready += container.path("ready").asBoolean(false) ? 1 : 0;
            all++;
        }
        return ready + "/" + Math.max(all, pod.path("spec").path("containers").size());
    }

    /** The column STATUS: the most telling state of a container, else the phase. */
    public static String status(JsonNode pod) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        String waiting = "";
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            JsonNode state = container.path("state");
            if (state.has("terminated")) {
                return state.path("terminated").path("reason").asString("Error");
            }
            if (state.has("waiting")) {
                waiting = state.path("waiting").path("reason").asString("Waiting");
            }
        }
        return waiting.isEmpty() ? pod.path("status").path("phase").asString("Pending") : waiting;
    }

    /** Why a container cannot begin or how it ended, with a leading separator; empty if there is nothing to say. */
    public static String message(JsonNode pod) {
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            JsonNode state = container.path("state");
            String name = container.path("name").asString("");
            String message = state.path("waiting").path("message").asString("");
            if (!message.isEmpty()) {
                return ": " + name + ": " + message;
            }
            if (state.has("terminated")) {
                return ": " + name + " has ended with status "
                        + state.path("terminated").path("exitCode").asInt(0) + "; see tanja lab logs -n "
                        + pod.path("metadata").path("namespace").asString("") + " "
                        + pod.path("metadata").path("name").asString("") + " -c " + name;
            }
        }
        return "";
    }
}
