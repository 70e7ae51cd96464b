package io.tanja.lab.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DnsServerTest {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int MX = 15;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private DnsServer server = started();

    @BeforeEach
    void names() {
        List<InetAddress> many = IntStream.range(0, 100)
                .mapToObj(i -> InetAddress.ofLiteral("10.111.1." + i))
                .toList();
        server.publish(new Names(Map.of(
                "web.shop", addresses("10.96.0.10", "fd74::a"),
                "old.shop", addresses("10.96.0.11"),
                "none.shop", List.of(),
                "many.shop", many)));
    }

    @AfterEach
    void end() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "web.shop.svc.cluster.local, 1, 0, 10.96.0.10",
        "WEB.Shop.svc.cluster.local, 1, 0, 10.96.0.10",
        "web.shop.svc, 1, 0, 10.96.0.10",
        "web.shop, 28, 0, fd74:0:0:0:0:0:0:a",
        "web.shop, 15, 0, ''",
        "old.shop, 28, 0, ''",
        "none.shop, 1, 0, ''",
        "web, 1, 3, ''",
        "web.other, 1, 3, ''",
        "web.shop.svc.cluster.local.svc.cluster.local, 1, 3, ''",
        "example.com, 1, 3, ''",
    })
    void namesAreAnsweredAtOnce(String name, int type, int code, String address) throws IOException {
        byte[] answer = udp(query(name, type));

        assertThat(answer[3] & 0xf).as("code").isEqualTo(code);
        assertThat(answer[2] & 0x80).as("response flag").isNotZero();
        assertThat(found(answer)).isEqualTo(address.isEmpty() ? List.of() : List.of(address));
    }

    @Test
    void anAnswerTooLongForUdpIsFetchedOverTcp() throws IOException {
        byte[] truncated = udp(query("many.shop", A));
        assertThat(truncated[2] & 0x02).as("truncation flag").isNotZero();
        assertThat(found(truncated)).isEmpty();

        try (Socket socket = new Socket(LOOPBACK, port())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 2; i++) {
                byte[] query = query("many.shop", A);
                out.writeShort(query.length);
                out.write(query);
                assertThat(found(in.readNBytes(in.readUnsignedShort()))).hasSize(100);
            }
        }
    }

    @Test
    void otherOperationsAreNotImplemented() throws IOException {
        byte[] update = query("web.shop", A);
        update[2] = 5 << 3;

        assertThat(udp(update)[3] & 0xf).isEqualTo(DnsMessage.NOT_IMPLEMENTED);
    }

    @Test
    void garbageNeverEndsTheService() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] sound = query("web.shop.svc.cluster.local", A);
        for (int round = 0; round < 20_000; round++) {
            byte[] packet = Arrays.copyOf(sound, random.nextInt(sound.length + 20));
            for (int i = 0; i < random.nextInt(6) && packet.length > 0; i++) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            server.answer(packet, packet.length, 512)
                    .ifPresent(answer -> assertThat(answer).as("seed %s", seed).hasSizeLessThanOrEqualTo(512));
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, LOOPBACK, port()));
        }
        try (Socket cut = new Socket(LOOPBACK, port())) {
            cut.getOutputStream().write(new byte[] {0, 50, 1, 2});
        }
        assertThat(found(udp(query("web.shop", A)))).containsExactly("10.96.0.10");
    }

    private byte[] udp(byte[] query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            socket.send(new DatagramPacket(query, query.length, LOOPBACK, port()));
            DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private int port() {
        return server.ports().getFirst();
    }

    private static DnsServer started() {
        try {
            return DnsServer.start(List.of(LOOPBACK), 0, new Random(1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] query(String name, int type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(0x1234);
        out.writeShort(0x0100);
        out.writeShort(1);
        out.writeShort(0);
        out.writeInt(0);
        for (String label : name.split("\\.")) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        out.writeShort(type);
        out.writeShort(1);
        return bytes.toByteArray();
    }

    /** The addresses of an answer, read without the code under test. */
    private static List<String> found(byte[] answer) throws IOException {
        int count = (answer[6] & 0xff) << 8 | answer[7] & 0xff;
        int at = 12;
        while (answer[at] != 0) {
            at += 1 + answer[at];
        }
        at += 5;
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int type = answer[at + 3];
            assertThat(type).isIn(A, AAAA).isNotEqualTo(MX);
            int length = answer[at + 11];
            found.add(InetAddress.getByAddress(Arrays.copyOfRange(answer, at + 12, at + 12 + length))
                    .getHostAddress());
            at += 12 + length;
        }
        return found;
    }

    private static List<InetAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(InetAddress::ofLiteral).toList();
    }
}
