package io.tanja.pki.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.TestPki;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CA that stays: kept over a restart, replaced while running. */
final class ReloadableCaTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SigningMaterial FIRST = TestPki.create(NOW).material();
    private static final SigningMaterial SECOND = TestPki.create(NOW).material();

    @TempDir
    Path temp;

    @Test
    void aNewIntermediateTakesEffectAndABrokenOneDoesNot() throws Exception {
        TestPki root = TestPki.create(NOW);
        SigningMaterial one = root.intermediate().material();
        SigningMaterial two = root.intermediate().material();
        write(one, one.roots());
        ReloadableCa ca = ReloadableCa.open(temp, NOW);

        assertThat(ca.reload(NOW)).isEqualTo(new ReloadOutcome.Unchanged());
        write(two, two.roots());
        assertThat(ca.reload(NOW)).isEqualTo(new ReloadOutcome.Replaced(false));
        assertThat(ca.get()).isEqualTo(two);

        Files.writeString(temp.resolve("ca-key.pem"), KeyPairs.pem(one.key()));
        assertThat(ca.reload(NOW))
                .isInstanceOfSatisfying(
                        ReloadOutcome.Kept.class, kept -> assertThat(kept.why()).contains("ca-key.pem"));
        assertThat(ca.get()).isEqualTo(two);
    }

    @Test
    void rootsAreExchangedInTwoStepsOnly() throws Exception {
        write(FIRST, FIRST.roots());
        ReloadableCa ca = ReloadableCa.open(temp, NOW);

        write(SECOND, SECOND.roots());
        assertThat(ca.reload(NOW))
                .isInstanceOfSatisfying(
                        ReloadOutcome.Kept.class, kept -> assertThat(kept.why()).contains("old and new roots"));
        assertThat(ca.get()).isEqualTo(FIRST);

        write(FIRST, List.of(FIRST.certificate(), SECOND.certificate()));
        assertThat(ca.reload(NOW)).isEqualTo(new ReloadOutcome.Replaced(true));
        write(SECOND, List.of(FIRST.certificate(), SECOND.certificate()));
        assertThat(ca.reload(NOW)).isEqualTo(new ReloadOutcome.Replaced(false));
        write(SECOND, SECOND.roots());
        assertThat(ca.reload(NOW)).isEqualTo(new ReloadOutcome.Replaced(true));
        assertThat(ca.get()).isEqualTo(SECOND);
    }

    @Test
    void textsAreReadAsFilesAreAndKeepTheRootThatWasMade() throws Exception {
        CaTexts texts = CaTexts.of("Secret ns/ca", FIRST);
        assertThat(texts.load(NOW)).isEqualTo(FIRST);
        assertThat(texts).hasToString("Secret ns/ca");

        Map<String, String> broken = new HashMap<>(texts.texts());
        broken.put("root-cert.pem", "garbage");
        assertThatThrownBy(() -> new CaTexts("Secret ns/ca", broken).load(NOW))
                .isInstanceOf(CaMaterialException.class)
                .hasMessageContaining("Secret ns/ca root-cert.pem");
        broken.remove("root-cert.pem");
        assertThatThrownBy(() -> new CaTexts("Secret ns/ca", broken).load(NOW))
                .hasMessageStartingWith("Secret ns/ca: root-cert.pem missing");
    }

    @Test
    void openingABrokenFolderFails() {
        assertThatThrownBy(() -> ReloadableCa.open(temp, NOW)).isInstanceOf(CaMaterialException.class);
    }

    @Test
    void aKeptRootSurvivesTheProcessAndItsKeyIsPrivate() throws Exception {
        Path folder = temp.resolve("state/ca");

        SigningMaterial created = new KeptRoot(folder).loadOrCreate(TrustDomain.CLUSTER_LOCAL, NOW, RANDOM);
        SigningMaterial restored =
                new KeptRoot(folder).loadOrCreate(TrustDomain.CLUSTER_LOCAL, NOW.plus(Duration.ofDays(300)), RANDOM);

        assertThat(restored).isEqualTo(created);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca-key.pem"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (Stream<Path> beside = Files.list(temp.resolve("state"))) {
            assertThat(beside).containsExactly(folder);
        }
    }

    @Test
    void anEmptyFolderIsFilledAndABrokenOneIsNotTouched() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("ca"));
        new KeptRoot(folder).loadOrCreate(TrustDomain.CLUSTER_LOCAL, NOW, RANDOM);
        String certificate = Files.readString(folder.resolve("ca-cert.pem"));
        Files.delete(folder.resolve("ca-key.pem"));

        assertThatThrownBy(() -> new KeptRoot(folder).loadOrCreate(TrustDomain.CLUSTER_LOCAL, NOW, RANDOM))
                .isInstanceOf(CaMaterialException.class)
                .hasMessageContaining("ca-key.pem missing")
                .hasMessageContaining("or remove " + folder);
        assertThat(Files.readString(folder.resolve("ca-cert.pem"))).isEqualTo(certificate);
        assertThat(folder.resolve("ca-key.pem")).doesNotExist();
    }

    @Test
    void aPlaceThatCannotHoldAFolderIsNamed() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));

        assertThatThrownBy(() -> new KeptRoot(file.resolve("ca")).loadOrCreate(TrustDomain.CLUSTER_LOCAL, NOW, RANDOM))
                .isInstanceOf(CaMaterialException.class)
                .hasMessageContaining("cannot be kept there");
    }

    private void write(SigningMaterial material, List<X509Certificate> roots) throws IOException {
        Files.writeString(temp.resolve("ca-cert.pem"), Certificates.pem(material.certificate()));
        Files.writeString(temp.resolve("ca-key.pem"), KeyPairs.pem(material.key()));
        Files.writeString(temp.resolve("cert-chain.pem"), Certificates.pem(material.intermediates()));
        Files.writeString(temp.resolve("root-cert.pem"), Certificates.pem(roots));
    }
}
