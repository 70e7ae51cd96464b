package io.tanja.lab;

import io.tanja.lab.protocol.LabClient;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A capture that runs on the lab's node. Used by one thread. */
public final class PacketCapture {
    private final LabClient client;
    private final int id;
    private final Path file;

    PacketCapture(LabClient client, JsonNode started) {
        this.client = client;
        this.id = started.path("id").asInt(0);
        this.file = Path.of(started.path("file").asString(""));
    }

    /** Where the packets go. */
    public Path file() {
        return file;
    }

    /** Ends the capture once what was seen has been written, and returns its file. */
    public Path stop() throws IOException {
        client.ask(new Request.EndCapture(id));
        return file;
    }
}
