package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Broken heads and bodies are accepted and refused exactly as a second, independent reading of the RFC does. */
class ParserFuzzTest {
    private static final int ROUNDS = 60_000;
    private static final String SPICE = "\r\n\t :;,%#?/\\\0\u007f\u0080\u00ff0123456789abcdefABCDEFxX-_=\"*.";

    private final ParsedRequest parser = new ParsedRequest(100);
    private final HeadReader reader = new HeadReader(8192);
    private final byte[] scratch = new byte[8192 + 16];

    @Test
    void agreesOnHeads() throws IOException {
        List<String> seeds = seeds("heads.txt");
        Random random = new Random(20261123);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String head = mutate(seeds.get(random.nextInt(seeds.size())), random);
            int end = head.indexOf("\r\n\r\n");
            String first = end < 0 ? head : head.substring(0, end + 4);
            NaiveHttp.Request expected = NaiveHttp.request(first, 100);
            boolean actual = parse(head);
            assertThat(actual).as("round %d: %s", round, visible(head)).isEqualTo(expected != null);
            if (expected != null) {
                accepted++;
                same(expected, head);
            }
        }
        // Mutation that only ever breaks things would prove little.
        assertThat(accepted).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    private void same(NaiveHttp.Request expected, String head) {
        assertThat(parser.method()).isEqualTo(expected.method());
        assertThat(parser.target()).isEqualTo(expected.target());
        assertThat(parser.bodyLength()).isEqualTo(expected.chunked() ? BodyLength.CHUNKED : expected.length());
        if (!head.toLowerCase(java.util.Locale.ROOT).contains("\r\nconnection")) {
            for (String[] field : expected.fields()) {
                assertThat(parser.header(field[0])).isEqualTo(expected.values(field[0]));
            }
        }
    }

    private boolean parse(String head) {
        reader.add(Unpooled.buffer(1).alloc(), Unpooled.wrappedBuffer(Octets.of(head)));
        try {
            int length = reader.find(scratch);
            return length > 0 && parser.parse(scratch, 0, length) == null;
        } finally {
            reader.release();
        }
    }

    @Test
    void agreesOnChunkedBodies() throws IOException {
        List<String> seeds = seeds("chunked.txt");
        Random random = new Random(20261124);
        int[] outcomes = new int[3];
        for (int round = 0; round < ROUNDS; round++) {
            String body = mutate(seeds.get(random.nextInt(seeds.size())), random);
            int expected = NaiveHttp.chunked(body, 256);
            assertThat(scan(body, body.length()))
                    .as("round %d: %s", round, visible(body))
                    .isEqualTo(expected);
            assertThat(scan(body, 1 + random.nextInt(3)))
                    .as("round %d, in pieces: %s", round, visible(body))
                    .isEqualTo(expected);
            outcomes[expected < 0 ? -expected : 0]++;
        }
        assertThat(Arrays.stream(outcomes).min().orElse(0)).isGreaterThan(ROUNDS / 20);
    }

    /** The octets of the body, -1 if it is malformed, -2 if it is not whole. */
    private static int scan(String body, int piece) {
        ChunkScanner scanner = new ChunkScanner(256);
        ByteBuf bytes = Unpooled.wrappedBuffer(Octets.of(body));
        int at = 0;
        while (at < body.length() && !scanner.ended()) {
            int next = scanner.scan(bytes, at, Math.min(at + piece, body.length()), null);
            if (next < 0) {
                assertThat(scanner.defect()).isNotNull();
                return -1;
            }
            at = next;
        }
        return scanner.ended() ? at : -2;
    }

    private static String mutate(String seed, Random random) {
        StringBuilder text = new StringBuilder(seed);
        for (int changes = random.nextInt(4); changes > 0 && text.length() > 0; changes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(6)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
                case 2 -> text.setCharAt(at, SPICE.charAt(random.nextInt(SPICE.length())));
                case 3 -> text.insert(at, text.substring(at, Math.min(at + random.nextInt(40), text.length())));
                case 4 -> text.delete(at, Math.min(at + random.nextInt(6), text.length()));
                default -> {
                    int line = text.indexOf("\r\n", at);
                    if (line >= 0) {
                        text.insert(line, random.nextBoolean() ? "\r\nContent-Length: 3" : "\r\n ");
                    }
                }
            }
        }
        return text.toString();
    }

    /** Seeds lie one a line, with \r, \n and \xNN escaped. */
    private static List<String> seeds(String name) throws IOException {
        try (InputStream in = ParserFuzzTest.class.getResourceAsStream("/http/" + name)) {
            assertThat(in).isNotNull();
            List<String> seeds = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.isBlank()) {
                    seeds.add(line.translateEscapes());
                }
            }
            return seeds;
        }
    }

    private static String visible(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n");
    }
}
