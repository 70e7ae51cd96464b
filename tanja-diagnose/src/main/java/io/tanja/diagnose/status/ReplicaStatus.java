package io.tanja.diagnose.status;

import io.tanja.diagnose.DiagnoseException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one control plane wrote in its status file.
 *
 * @param replica its name
 * @param time when it wrote, by its own clock
 * @param version the state of the mesh that it has published
 * @param proxies those that are connected to it
 */
public record ReplicaStatus(String replica, Instant time, String version, List<ConnectedProxy> proxies) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Copies the list. */
    public ReplicaStatus {
        proxies = List.copyOf(proxies);
    }

    /**
     * Reads the file.
     *
     * @throws DiagnoseException if it is none
     */
    public static ReplicaStatus read(String replica, byte[] json) throws DiagnoseException {
        try {
            JsonNode root = JSON.readTree(json);
            if (!root.isObject() || !root.path("proxies").isArray()) {
                throw unreadable(replica, "it has no list of proxies");
            }
            List<ConnectedProxy> proxies = new ArrayList<>();
            for (JsonNode proxy : root.path("proxies")) {
                proxies.add(proxy(replica, proxy));
            }
            return new ReplicaStatus(
                    replica,
                    Instant.parse(root.path("time").asString("")),
                    root.path("version").asString(""),
                    proxies);
        } catch (JacksonException e) {
            throw unreadable(replica, e.getOriginalMessage());
        } catch (DateTimeParseException e) {
            throw unreadable(replica, String.valueOf(e.getMessage()));
        }
    }

    private static ConnectedProxy proxy(String replica, JsonNode proxy) {
        List<ConnectedProxy.Type> types = new ArrayList<>();
        for (JsonNode type : proxy.path("types")) {
            types.add(new ConnectedProxy.Type(
                    type.path("type").asString(""),
                    type.path("sent").asString(""),
                    type.path("acked").asString(""),
                    type.path("nack").asString("")));
        }
        return new ConnectedProxy(
                replica,
                proxy.path("identity").asString(""),
                proxy.path("node").asString(""),
                Instant.parse(proxy.path("since").asString("")),
                types);
    }

    private static DiagnoseException unreadable(String replica, String why) {
        return new DiagnoseException(
                "the status of " + replica,
                "cannot be understood: " + why,
                "use the tanja of the control plane's version");
    }
}
