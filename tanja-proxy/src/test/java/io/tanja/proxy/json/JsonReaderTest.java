package io.tanja.proxy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonReaderTest {
    private static final long SEED = 20261126;
    private static final String ALPHABET = "{}[]:,\"\\/ \n\t0123456789.eE+-truefalsn\u00e9\u0000abu";

    private final Random random = new Random(SEED);

    @Test
    void readsEveryKindOfValue() throws JsonException {
        assertThat(
                        JsonReader.read(
                                " {\"a\" : [ 1, -0.5e+3 ,true,false , null, {} ,[]],\"\\u00e9\\n\\\"\\/\\\\\":\"\\ud83d\\ude00\"}\n"))
                .isEqualTo(new Json.Members(Map.of(
                        "a",
                        new Json.Elements(List.of(
                                new Json.Digits("1"),
                                new Json.Digits("-0.5e+3"),
                                Json.Word.TRUE,
                                Json.Word.FALSE,
                                Json.Word.NULL,
                                new Json.Members(Map.of()),
                                new Json.Elements(List.of()))),
                        "\u00e9\n\"/\\",
                        new Json.Text("\ud83d\ude00"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|expected a value at the end",
                "{|expected a name in quotes at the end",
                "{\"a\" 1}|expected : at character 6",
                "{\"a\":1,}|expected a name in quotes at character 8",
                "[1,]|expected a value at character 4",
                "[1 2]|expected , or ] at character 4",
                "{\"a\":1,\"a\":2}|this name was there before at character 8",
                "{a:1}|expected a name in quotes at character 2",
                "01|nothing may follow the value at character 2",
                "-|expected a digit at the end",
                "1.|expected a digit at the end",
                "1e|expected a digit at the end",
                "+1|expected a value at character 1",
                ".5|expected a value at character 1",
                "nul|expected a value at character 1",
                "True|expected a value at character 1",
                "'a'|expected a value at character 1",
                "\"a|the string does not end at the end",
                "\"\\x\"|no such escape at character 3",
                "\"\\u12g4\"|expected four hexadecimal digits at character 6",
                "\"\t\"|a control character must be escaped at character 2",
                "{} {}|nothing may follow the value at character 4",
                "NaN|expected a value at character 1",
                "/**/1|expected a value at character 1",
            })
    void saysWhatIsWrongAndWhere(String text, String message) {
        assertThatThrownBy(() -> JsonReader.read(text))
                .isInstanceOf(JsonException.class)
                .hasMessage(message);
    }

    @Test
    void depthIsLimited() throws JsonException {
        assertThat(JsonReader.read("[".repeat(32) + "]".repeat(32))).isInstanceOf(Json.Elements.class);
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).hasMessageStartingWith("nested deeper than 32");
    }

    @Test
    void readsWhatIsWritten() throws JsonException {
        for (int i = 0; i < 2_000; i++) {
            Json value = value(0);
            assertThat(JsonReader.read(write(value)))
                    .as("seed %d, value %d", SEED, i)
                    .isEqualTo(value);
        }
    }

    @Test
    void garbageIsRefusedInOrder() {
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? write(value(0)) : "");
            for (int edits = random.nextInt(6); edits >= 0; edits--) {
                char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                int at = random.nextInt(text.length() + 1);
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(5)));
                    default -> text.append(c);
                }
            }
            try {
                JsonReader.read(text.toString());
                read++;
            } catch (JsonException e) {
                assertThat(e).hasMessageMatching(".* at (the end|character [0-9]+)");
            }
        }
        assertThat(read).isBetween(100, 40_000);
    }

    private Json value(int depth) {
        return switch (random.nextInt(depth > 3 ? 3 : 5)) {
            case 0 -> new Json.Text(text());
            case 1 -> new Json.Digits(Long.toString(random.nextLong()));
            case 2 -> random.nextBoolean() ? Json.Word.NULL : random.nextBoolean() ? Json.Word.TRUE : Json.Word.FALSE;
            case 3 ->
                new Json.Elements(IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> value(depth + 1))
                        .toList());
            default -> {
                Map<String, Json> members = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.put(text(), value(depth + 1));
                }
                yield new Json.Members(members);
            }
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append((char) (random.nextInt(4) == 0 ? random.nextInt(0xd800) : ' ' + random.nextInt(95)));
        }
        return text.toString();
    }

    private String write(Json value) {
        return switch (value) {
            case Json.Text(String text) -> quote(text);
            case Json.Digits(String digits) -> digits;
            case Json.Word word -> word.name().toLowerCase(java.util.Locale.ROOT);
            case Json.Elements(List<Json> elements) ->
                "[" + String.join(" ,", elements.stream().map(this::write).toList()) + "]";
            case Json.Members(Map<String, Json> members) ->
                "{"
                        + String.join(
                                ",\n",
                                members.entrySet().stream()
                                        .map(e -> quote(e.getKey()) + ":" + write(e.getValue()))
                                        .toList())
                        + "}";
        };
    }

    private String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || random.nextInt(8) == 0) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
