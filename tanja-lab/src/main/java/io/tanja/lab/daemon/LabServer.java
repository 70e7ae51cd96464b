package io.tanja.lab.daemon;

import io.tanja.lab.object.Yaml;
import io.tanja.lab.protocol.Request;
import io.tanja.lab.protocol.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Listens for requests on the lab's socket, whose folder only the lab's user can enter. One thread per
 * connection.
 */
final class LabServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LabServer.class);

    private final ServerSocketChannel listener;
    private final Function<Request, Response> answer;

    private LabServer(ServerSocketChannel listener, Function<Request, Response> answer) {
        this.listener = listener;
        this.answer = answer;
    }

    /** Listens; {@code answer} is called on the connections' threads and may block. */
    static LabServer start(Path socket, Function<Request, Response> answer) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        LabServer server = new LabServer(listener, answer);
        Thread.ofPlatform().name("api").daemon().start(server::accept);
        return server;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                Thread.ofPlatform().daemon().name("api-client").start(() -> serve(client));
            } catch (IOException e) {
                LOG.debug("accepting a client", e);
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                OutputStream out = Channels.newOutputStream(client);
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String response = Yaml.JSON.writeValueAsString(respond(line)) + "\n";
                out.write(response.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException e) {
            LOG.debug("a client has gone", e);
        }
    }

    private Response respond(String line) {
        try {
            return answer.apply(Yaml.JSON.readValue(line, Request.class));
        } catch (JacksonException e) {
            return Response.failure("the request is not understood; the command line and the lab may be of different"
                    + " versions: " + e.getOriginalMessage());
        } catch (RuntimeException e) {
            LOG.error("a request failed", e);
            return Response.failure("the lab failed: " + e);
        }
    }
}
