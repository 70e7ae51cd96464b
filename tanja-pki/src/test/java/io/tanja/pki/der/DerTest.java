package io.tanja.pki.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.pki.Mutations;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DerTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65535, 65536, 200_000})
    void whatIsWrittenIsReadBack(int length) {
        byte[] contents = new byte[length];
        new Random(length).nextBytes(contents);

        DerReader reader = new DerReader(Der.element(Der.OCTET_STRING, contents));
        DerReader inside = reader.enter(Der.OCTET_STRING);

        assertThat(inside.remaining()).isEqualTo(contents);
        assertThat(reader.hasNext()).isFalse();
    }

    @Test
    void lengthsAreMinimal() {
        assertThat(Der.element(4, new byte[127])).startsWith(4, 127);
        assertThat(Der.element(4, new byte[128])).startsWith(4, 0x81, 128);
        assertThat(Der.element(4, new byte[256])).startsWith(4, 0x82, 1, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "0480, indefinite",
        "0484000000ff, over 16 MiB",
        "048101ff, not minimal",
        "04820001ff, not minimal",
        "0405ff, says it has 5 bytes",
        "04, cut off",
        "0482ff, cut off",
        "3000, expected the tag 0x04",
        "'', missing"
    })
    void otherFormsAreErrors(String hex, String message) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThatThrownBy(() -> new DerReader(bytes).enter(Der.OCTET_STRING))
                .isInstanceOf(DerException.class)
                .hasMessageContaining(message);
    }

    @Test
    void leftoversAreAnError() {
        DerReader reader = new DerReader(new byte[] {4, 0, 0});
        reader.enter(Der.OCTET_STRING);

        assertThatThrownBy(reader::requireEnd).hasMessageContaining("1 unexpected bytes");
    }

    @Test
    void damagedInputIsReadOrRefusedButNeverCrashes() {
        byte[] valid = Der.element(
                Der.SEQUENCE, Der.element(0x86, new byte[40]), Der.element(0x82, new byte[200]), Der.element(0x30));
        int refused = 0;
        for (long seed : Mutations.seeds()) {
            byte[] bytes = Mutations.of(valid, new Random(seed));
            try {
                walk(new DerReader(bytes), 0);
            } catch (DerException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    private static void walk(DerReader reader, int depth) {
        while (reader.hasNext()) {
            int tag = reader.peekTag();
            DerReader inside = reader.enter(tag);
            if ((tag & 0x20) != 0 && depth < 10) {
                walk(inside, depth + 1);
            }
        }
    }
}
