package io.tanja.pki.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.pki.Mutations;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.TestPki;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PemTest {
    private static final TestPki PKI = TestPki.create(Instant.parse("2026-11-23T06:00:00Z"));
    private static final TestIdentity LEAF = PKI.leaf("shop", "cart");

    @Test
    void certificatesSurviveTheWayThroughText() {
        String text = Certificates.pem(List.of(LEAF.leaf(), PKI.roots().getFirst()));

        assertThat(Certificates.parse("bundle", text))
                .containsExactly(LEAF.leaf(), PKI.roots().getFirst());
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(64));
        assertThat(text).endsWith("-----END CERTIFICATE-----\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n"})
    void textAroundBlocksAndLineEndsDoNotMatter(String lineEnd) {
        String text = ("subject=O = x\n" + LEAF.chainPem() + "  trailing words\n").replace("\n", lineEnd);

        assertThat(Certificates.parse("file", text)).containsExactly(LEAF.leaf());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-----BEGIN A-----;AAAA|f line 1: the A block has no matching END",
                "-----BEGIN A-----;-----BEGIN A-----;-----END A-----|f line 1: the A block has no matching END",
                "-----BEGIN A-----;AAAA;-----END B-----|f line 3: END B without its BEGIN",
                "AAAA;-----END B-----|f line 2: END B without its BEGIN",
                "-----BEGIN A-----;A!A=;-----END A-----|f line 1: the A block is not valid base64",
                "-----BEGIN A-----;-----END A-----|f line 1: the A block is empty",
                "-----BEGIN A--;AAAA|f line 1: the BEGIN line does not end in -----",
                "-----BEGIN -----;AAAA|the label must have 1 to 64 characters, has 0",
                "-----BEGIN K-----;Proc-Type: 4,ENCRYPTED;AAAA;-----END K-----|without a passphrase"
            })
    void damageIsNamedWithItsLine(String text, String message) {
        assertThatThrownBy(() -> Pem.parse("f", text.replace(';', '\n')))
                .isInstanceOf(PemException.class)
                .hasMessageContaining(message);
    }

    @Test
    void textThatIsTooLongIsRefusedUnread() {
        assertThatThrownBy(() -> Pem.parse("f", " ".repeat(Pem.MAX_LENGTH + 1)))
                .isInstanceOf(PemException.class)
                .hasMessageContaining("more than the 4194304 allowed");
    }

    @Test
    void aKeyWhereCertificatesBelongIsRefusedWithoutShowingIt() {
        String key = LEAF.keyPem();

        assertThatThrownBy(() -> Certificates.parse("root-cert.pem", key))
                .isInstanceOf(PemException.class)
                .hasMessage("root-cert.pem line 1: expected CERTIFICATE, found PRIVATE KEY");
        assertThat(Pem.parse("k", key).getFirst().toString()).matches("PRIVATE KEY \\(\\d+ bytes, line 1\\)");
    }

    @Test
    void textWithoutAnyCertificateIsAnError() {
        assertThatThrownBy(() -> Certificates.parse("f", "nothing here")).hasMessage("f: holds no CERTIFICATE block");
    }

    @Test
    void controlCharactersInLabelsNeverReachAMessage() {
        assertThatThrownBy(() -> Certificates.parse("f", "-----BEGIN A\u0007-----\nAAAA\n-----END A\u0007-----\n"))
                .hasMessageContaining("A\\u0007");
    }

    @Test
    void damagedTextIsReadOrRefusedButNeverCrashes() {
        byte[] valid = (LEAF.chainPem() + LEAF.rootsPem()).getBytes(StandardCharsets.US_ASCII);
        for (long seed : Mutations.seeds()) {
            String text = new String(Mutations.of(valid, new Random(seed)), StandardCharsets.ISO_8859_1);
            assertThatCode(() -> {
                        try {
                            Certificates.parse("f", text);
                        } catch (PemException expected) {
                            assertThat(expected).hasMessageStartingWith("f");
                        }
                    })
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
        }
    }
}
