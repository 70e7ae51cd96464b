package io.tanja.lab.protocol;

import io.tanja.lab.object.Yaml;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks a lab's daemon. Every request has its own connection, so that any thread may ask.
 *
 * @param socket the daemon's socket
 */
public record LabClient(Path socket) {
    /** The daemon refused a request; the message is its own. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Asks and waits for the answer.
     *
     * @return the result, possibly a null node
     * @throws Refused if the daemon refuses
     * @throws IOException if there is no daemon or it dies meanwhile
     */
    public JsonNode ask(Request request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                OutputStream out = Channels.newOutputStream(channel);
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
            out.write((Yaml.JSON.writerFor(Request.class).writeValueAsString(request) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the lab ended without an answer");
            }
            Response response = Yaml.JSON.readValue(line, Response.class);
            if (!response.error().isEmpty()) {
                throw new Refused(response.error());
            }
            JsonNode result = response.result();
            return result == null ? Yaml.JSON.nullNode() : result;
        } catch (JacksonException e) {
            throw new IOException("the lab's answer is not understood: " + e.getMessage(), e);
        }
    }

    /** Whether the daemon answers a request without an error. */
    public boolean answers(Request request) {
        try {
            ask(request);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
