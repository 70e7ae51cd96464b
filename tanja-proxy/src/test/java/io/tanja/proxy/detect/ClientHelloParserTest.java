package io.tanja.proxy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tanja.model.security.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloParserTest {
    private static final Detected.Tls MESH =
            new Detected.Tls("outbound_.80_._.web.test.svc.cluster.local", List.of("istio-http/1.1", "istio"));

    static byte[] hello() {
        return Hellos.of("outbound_.80_._.web.test.svc.cluster.local", List.of("istio-http/1.1", "istio"), 0);
    }

    @Test
    void readsServerNameAndProtocols() {
        assertThat(parseAtOnce(hello())).isEqualTo(MESH);
        assertThat(MESH.ofMesh()).isTrue();
        assertThat(MESH.ofMeshHttp()).isTrue();
    }

    @Test
    void everyPrefixNeedsMore() {
        byte[] hello = hello();
        for (int length = 0; length < hello.length; length++) {
            assertThat(new ClientHelloParser().parse(Unpooled.wrappedBuffer(hello, 0, length)))
                    .as("prefix of %d bytes", length)
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 1460})
    void comesInPiecesOfAnySize(int size) {
        byte[] hello =
                Hellos.of("outbound_.80_._.web.test.svc.cluster.local", List.of("istio-http/1.1", "istio"), 3000);
        ClientHelloParser parser = new ClientHelloParser();
        ByteBuf in = Unpooled.buffer(hello.length);
        Detected found = null;
        for (int at = 0; at < hello.length; at += size) {
            assertThat(found).isNull();
            in.writeBytes(hello, at, Math.min(size, hello.length - at));
            found = parser.parse(in);
        }
        assertThat(found).isEqualTo(MESH);
        assertThat(in.readerIndex()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 50, 300})
    void spansRecordsOfAnySize(int size) {
        assertThat(parseAtOnce(Hellos.inRecordsOf(hello(), size))).isEqualTo(MESH);
    }

    @Test
    void theLargestFitsAndOneMoreDoesNot() {
        byte[] small = Hellos.of(null, List.of(), 0);
        int room = ClientHelloParser.MAX_HELLO - (small.length - 9) - 4;
        byte[] largest = Hellos.inRecordsOf(Hellos.of(null, List.of(), room), 4000);
        byte[] larger = Hellos.inRecordsOf(Hellos.of(null, List.of(), room + 1), 4000);
        assertThat(parseAtOnce(largest)).isEqualTo(new Detected.Tls(null, List.of()));
        assertThat(parseAtOnce(larger))
                .isInstanceOfSatisfying(
                        Detected.Broken.class,
                        broken -> assertThat(broken.refusal()).isEqualTo(Refusal.LIMIT_REACHED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1603010000", // empty record
                "16030140010000", // record longer than TLS allows
                "160301000402000000", // ServerHello
                "16030100040100000317030100010a", // application data inside the handshake
                "160301000401ffffff", // a hello of 16 MiB
                "16030100080100000403030000", // body too short for version and random
            })
    void garbageIsNamedNotThrown(String hex) {
        assertThat(parseAtOnce(HexFormat.of().parseHex(hex))).isInstanceOf(Detected.Broken.class);
    }

    @Test
    void neverThrowsNorReadsPastTheEnd() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[][] seeds = {hello(), Hellos.of(null, List.of("h2"), 500), resource("openssl.hex"), resource("curl.hex")};
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(bytes.length + 1);
            ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, length);
            Detected found = new Detector(new Question(true, true, true)).look(in);
            assertThat(in.readerIndex()).as("seed %d, round %d", seed, i).isZero();
            assertThat(length > 0 || found == null)
                    .as("seed %d, round %d", seed, i)
                    .isTrue();
        }
    }

    @Test
    void readsTheHellosOfOtherImplementations() throws IOException {
        assertThat(parseAtOnce(resource("openssl.hex"))).isEqualTo(new Detected.Tls("example.test", List.of("istio")));
        assertThat(parseAtOnce(resource("curl.hex")))
                .isEqualTo(new Detected.Tls("example.test", List.of("h2", "http/1.1")));
    }

    private static @Nullable Detected parseAtOnce(byte[] bytes) {
        return new ClientHelloParser().parse(Unpooled.wrappedBuffer(bytes));
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = ClientHelloParserTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}
