package io.tanja.control.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.pki.pem.PemBlock;
import io.tanja.pki.pem.PemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenKeyFileTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final String first = TokenIssuer.create("a", RANDOM).publicKeyPem();
    private final String second = TokenIssuer.create("b", RANDOM).publicKeyPem();

    @TempDir
    Path folder;

    @Test
    void aChangedFileHoldsAtOnceAndABrokenOneDoesNot() throws Exception {
        Path file = folder.resolve("keys.pem");
        TokenKeyFile keys = new TokenKeyFile(file);
        assertThat(keys.get()).isEmpty();

        Files.writeString(file, first);
        List<ECPublicKey> one = keys.get();
        assertThat(one).hasSize(1);

        Files.writeString(file, first + second);
        assertThat(keys.get()).hasSize(2).startsWith(one.getFirst());

        Files.writeString(file, "broken");
        assertThat(keys.get()).hasSize(2);

        Files.delete(file);
        assertThat(keys.get()).hasSize(2);

        Files.writeString(file, second);
        assertThat(keys.get()).hasSize(1).doesNotContain(one.getFirst());
    }

    @Test
    void anUnchangedFileIsNotReadAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("keys.pem"), first);
        TokenKeyFile keys = new TokenKeyFile(file);

        assertThat(keys.get()).isSameAs(keys.get());
    }

    @Test
    void otherKeysAreRefusedByLine() throws Exception {
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        byte[] other = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPublic()
                .getEncoded();

        assertThatThrownBy(() -> TokenKeyFile.parse(
                        "f",
                        first
                                + PemBlock.text(
                                        "PUBLIC KEY",
                                        p384.generateKeyPair().getPublic().getEncoded())))
                .isInstanceOf(PemException.class)
                .hasMessageStartingWith("f line 5: tokens are signed with ES256");
        assertThatThrownBy(() -> TokenKeyFile.parse("f", PemBlock.text("PUBLIC KEY", other)))
                .hasMessageContaining("not a readable EC public key");
        assertThatThrownBy(() -> TokenKeyFile.parse("f", PemBlock.text("PRIVATE KEY", other)))
                .hasMessageContaining("expected PUBLIC KEY, found PRIVATE KEY");
        assertThatThrownBy(() -> TokenKeyFile.parse("f", "")).hasMessageContaining("holds no PUBLIC KEY");
    }
}
