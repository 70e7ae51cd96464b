package io.tanja.lab.daemon;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.net.AddressText;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.pod.ContainerState;
import io.tanja.lab.pod.ContainerState.Running;
import io.tanja.lab.pod.ContainerState.Terminated;
import io.tanja.lab.pod.ContainerState.Waiting;
import io.tanja.lab.pod.PodStatus;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what pods do into their objects, as a kubelet does. */
final class PodObjects {
    private PodObjects() {}

    /** Whether the pod serves. */
    static boolean isReady(LabObject pod) {
        for (JsonNode condition : pod.tree().path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True") && !isBeingDeleted(pod);
            }
        }
        return false;
    }

    /** Whether the pod is on its way out. */
    static boolean isBeingDeleted(LabObject pod) {
        return pod.metadata().has("deletionTimestamp");
    }

    /** The pod's addresses as its status has them. */
    static List<InetAddress> addresses(LabObject pod) {
        return pod.tree()
                .path("status")
                .path("podIPs")
                .valueStream()
                .map(each -> InetAddress.ofLiteral(each.path("ip").asString("")))
                .toList();
    }

    /** Writes the addresses that a new pod gets. */
    static void place(LabObject pod, List<InetAddress> addresses) {
        ObjectNode status = pod.status();
        status.put("phase", "Pending");
        status.put("hostIP", AddressText.of(AddressPlan.GATEWAY));
        status.put("podIP", AddressText.of(addresses.getFirst()));
        ArrayNode all = status.putArray("podIPs");
        addresses.forEach(address -> all.addObject().put("ip", AddressText.of(address)));
        pod.tree().withObjectProperty("spec").put("nodeName", "lab");
    }

    /** Writes what a pod does. */
    static void update(LabObject pod, PodStatus now) {
        ObjectNode status = pod.status();
        status.put("phase", now.phase());
        ArrayNode conditions = status.putArray("conditions");
        for (String type : List.of("Ready", "ContainersReady")) {
            conditions.addObject().put("type", type).put("status", now.ready() ? "True" : "False");
        }
        ArrayNode containers = status.putArray("containerStatuses");
        for (Map.Entry<String, ContainerState> entry : now.containers().entrySet()) {
            ObjectNode container = containers.addObject();
            container.put("name", entry.getKey());
            container.put("ready", entry.getValue().isReady());
            container.put("restartCount", 0);
            ObjectNode state = container.putObject("state");
            switch (entry.getValue()) {
                case Waiting waiting ->
                    state.putObject("waiting").put("reason", waiting.reason()).put("message", waiting.message());
                case Running running -> state.putObject("running").put("startedAt", seconds(running.since()));
                case Terminated end ->
                    state.putObject("terminated")
                            .put("exitCode", end.exitCode())
                            .put("reason", end.exitCode() == 0 ? "Completed" : "Error")
                            .put("finishedAt", seconds(end.at()));
            }
        }
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
