package io.tanja.proxy.http;

import static io.tanja.proxy.http.Http1ProxyTest.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.http.ProxyFixture.Transport;
import io.tanja.proxy.observe.RequestRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ends of connections, as real sockets have them. */
class SocketTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ASK = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String SWITCH = "HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answersACallerThatHasEndedItsDirection(Transport transport) throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    ended.join();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                    peer.head();
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            send(client, GET);
            client.shutdownOutput();
            ended.complete(true);

            assertThat(all(client)).endsWith("\r\n\r\nhello");
            assertThat(fixture.record().refusal).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void letsACallerReadTheLastAnswerThoughItStillSends(Transport transport) throws Exception {
        HttpRoute deny = (head, record, tried) -> new Admission.Reject(403, "no", Refusal.POLICY_DENIED, "why");
        try (ProxyFixture fixture = new ProxyFixture(transport, deny);
                Socket client = fixture.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                send(client, "x".repeat(10_000));
            }

            assertThat(all(client))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("connection: close")
                    .endsWith("no");
            assertThat(fixture.record().status).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void doesNotWaitForEverForACallerToClose(Transport transport) throws Exception {
        try (ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(EmbeddedProxy.ADDRESS));
                Socket client = fixture.connect()) {
            send(client, "nonsense\r\n\r\n");
            assertThat(all(client)).startsWith("HTTP/1.1 400 ");
            fixture.skip(Duration.ofSeconds(2));

            await().atMost(5, TimeUnit.SECONDS).until(() -> fixture.proxy.connectionCount() == 0);
            assertThat(fixture.record().detail).isEqualTo(Defect.REQUEST_LINE.meaning());
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void endsAnOpenEndedAnswerWithTheUpstream(Transport transport) throws Exception {
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\n\r\n");
                    peer.send("to the end");
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            send(client, GET);

            assertThat(all(client)).contains("connection: close").endsWith("\r\n\r\nto the end");
            assertThat(fixture.record().refusal).isNull();
            assertThat(fixture.record().bytesSent).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void doesNotPassATruncationOffAsAnEnd(Transport transport) throws Exception {
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\n\r\nto the");
                    // Lets the bytes be passed on before the reset, which would overtake them.
                    peer.in.read();
                    peer.reset();
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
            InputStream in = client.getInputStream();
            assertThat(Wire.head(in)).startsWith("HTTP/1.1 200 ");
            assertThat(Wire.exactly(in, 6)).isEqualTo("to the");
            send(client, "x");

            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("reset");
            assertThat(fixture.record().refusal).isEqualTo(Refusal.UPSTREAM_CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void sendsAgainWhenTheUpstreamHasJustClosed(Transport transport) throws Exception {
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + connection);
                    if (connection == 0) {
                        peer.head();
                        peer.reset();
                    }
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            InputStream in = client.getInputStream();
            send(client, GET);
            assertThat(Wire.body(in, Wire.head(in))).isEqualTo("0");
            send(client, GET);
            assertThat(Wire.body(in, Wire.head(in))).isEqualTo("1");

            assertThat(fixture.records(2)).extracting(r -> r.attempts).containsExactly(1, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void tellsThatAnUpstreamRefuses(Transport transport) throws Exception {
        ScriptedServer gone = ScriptedServer.answering("");
        gone.close();
        try (ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(gone.address()));
                Socket client = fixture.connect()) {
            send(client, GET);
            String head = Wire.head(client.getInputStream());

            assertThat(head).startsWith("HTTP/1.1 503 ");
            assertThat(Wire.body(client.getInputStream(), head)).contains("connect_refused");
            RequestRecord record = fixture.record();
            assertThat(record.attempts).isEqualTo(3);
            assertThat(record.refusal).isEqualTo(Refusal.CONNECT_REFUSED);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void endsTheTunnelsDirectionsOneByOne(Transport transport) throws Exception {
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    peer.send(SWITCH);
                    String heard = new String(peer.in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
                    peer.send("heard " + heard);
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            send(client, ASK);
            assertThat(Wire.head(client.getInputStream())).startsWith("HTTP/1.1 101 ");
            send(client, "all of this");
            client.shutdownOutput();

            assertThat(all(client)).isEqualTo("heard all of this");
            RequestRecord record = fixture.record();
            assertThat(record.status).isEqualTo(101);
            assertThat(record.bytesReceived).isEqualTo(11);
            assertThat(record.bytesSent).isEqualTo(17);
            assertThat(record.refusal).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void letsTheUpstreamEndItsDirectionFirst(Transport transport) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    peer.send(SWITCH + "bye");
                    peer.socket.shutdownOutput();
                    heard.complete(new String(peer.in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1));
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            send(client, ASK);
            Wire.head(client.getInputStream());
            assertThat(all(client)).isEqualTo("bye");
            send(client, "still here");
            client.shutdownOutput();

            assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo("still here");
            assertThat(fixture.record().refusal).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void closesIdleConnectionsWhenItDrains(Transport transport) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("hello");
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            send(client, GET);
            String head = Wire.head(client.getInputStream());
            assertThat(Wire.body(client.getInputStream(), head)).isEqualTo("hello");
            fixture.run(fixture.proxy::drain);

            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void keepsManyCallersApart(Transport transport) throws Exception {
        int callers = 16;
        int each = 40;
        try (ScriptedServer server = new ScriptedServer(SocketTest::echo);
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int seed = i;
                all.add(CompletableFuture.runAsync(() -> call(fixture, each, seed), threads));
            }
            all.forEach(CompletableFuture::join);

            fixture.records(callers * each);
            assertThat(fixture.ended).allSatisfy(record -> {
                assertThat(record.status).isEqualTo(200);
                assertThat(record.bytesSent).isEqualTo(record.bytesReceived);
            });
            assertThat(server.connections).hasValueLessThanOrEqualTo(callers);
            assertThat(server.failures).isEmpty();
        }
    }

    /** Answers with the body that came, in one of several framings. */
    private static void echo(ScriptedServer.Peer peer, int connection) throws IOException {
        for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
            String body = Wire.body(peer.in, head);
            if (body.length() % 2 == 0) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            } else {
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                peer.send(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
            }
        }
    }

    private static void call(ProxyFixture fixture, int requests, int seed) {
        Random random = new Random(seed);
        try (Socket client = fixture.connect()) {
            for (int i = 0; i < requests; i++) {
                String body = (char) ('a' + seed) + ("" + i).repeat(random.nextInt(8000));
                send(client, "POST /" + seed + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n");
                int cut = random.nextInt(body.length());
                send(client, body.substring(0, cut));
                send(client, body.substring(cut));
                String head = Wire.head(client.getInputStream());
                assertThat(Wire.body(client.getInputStream(), head)).isEqualTo(body);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static String all(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
