package io.tanja.lab.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.lab.object.Yaml;
import io.tanja.lab.protocol.LabClient;
import io.tanja.lab.protocol.Request;
import io.tanja.lab.protocol.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LabServerTest {
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private LabServer server;

    @BeforeEach
    void start() throws IOException {
        // JUnit's own folders can be too deep for a socket.
        folder = Files.createTempDirectory(Path.of("/tmp"), "tanja");
        server = LabServer.start(socket(), request -> switch (request) {
            case Request.Status _ -> Response.of(Yaml.JSON.createObjectNode().put("name", "x"));
            case Request.Down _ -> Response.failure("not now");
            default -> throw new IllegalStateException("broken");
        });
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        Files.deleteIfExists(socket());
        Files.delete(folder);
    }

    @Test
    void answersRefusesAndFailsInWords() throws IOException {
        LabClient client = new LabClient(socket());

        assertThat(client.ask(new Request.Status()).path("name").asString("")).isEqualTo("x");
        assertThatThrownBy(() -> client.ask(new Request.Down()))
                .isInstanceOf(LabClient.Refused.class)
                .hasMessage("not now");
        assertThatThrownBy(() -> client.ask(new Request.Restart()))
                .isInstanceOf(LabClient.Refused.class)
                .hasMessageContaining("broken");
        assertThat(client.answers(new Request.Status())).isTrue();
    }

    @Test
    void aLineThatIsNoRequestIsRefusedAndTheNextOneAnswered() throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
            for (String line :
                    new String[] {"", "garbage", "{\"verb\":\"dance\"}", "{}", "[1]", "{\"verb\":\"apply\"}"}) {
                channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
                assertThat(in.readLine()).as(line).contains("\"error\":\"");
            }
            channel.write(ByteBuffer.wrap("{\"verb\":\"status\"}\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(in.readLine()).contains("\"name\":\"x\"");
        }
    }

    private Path socket() {
        return folder.resolve("s");
    }
}
