package io.tanja.lab.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.pod.Privileges;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.proxy.redirect.RedirectOptions;
import io.tanja.proxy.redirect.RedirectRules;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MeshPartsTest {
    private static final Privileges ROOT = new Privileges(true);
    private static final PodPlan POD = new PodPlan(
            "shop",
            "web-1",
            "uid-1",
            Map.of(),
            "clerk",
            10,
            List.of(InetAddress.ofLiteral("10.111.0.10")),
            true,
            List.of(),
            1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void aTokenNamesItsPodAndIsRenewedAtHalfItsLife() throws IOException, ParseException {
        Instant start = Instant.parse("2026-01-31T12:00:00Z");
        AtomicLong passed = new AtomicLong();
        InstantSource clock = () -> start.plusSeconds(passed.get());
        Tokens tokens = Tokens.create(folder.resolve("pub"), -1, clock, new SecureRandom());
        Path file = folder.resolve("istio-token");
        tokens.project(POD, file);
        String first = Files.readString(file);

        JWTClaimsSet claims = SignedJWT.parse(first).getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("system:serviceaccount:shop:clerk");
        assertThat(claims.getAudience()).containsExactly("istio-ca");
        assertThat(claims.getExpirationTime().toInstant()).isEqualTo(start.plus(Duration.ofHours(12)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("pub")).content().contains("BEGIN PUBLIC KEY");

        passed.set(Duration.ofHours(6).toSeconds() - 1);
        tokens.refresh();
        assertThat(file).hasContent(first);
        passed.incrementAndGet();
        tokens.refresh();
        assertThat(SignedJWT.parse(Files.readString(file)).getJWTClaimsSet().getExpirationTime())
                .isAfter(claims.getExpirationTime());
        String second = Files.readString(file);
        tokens.forget(file);
        passed.set(Duration.ofHours(20).toSeconds());
        tokens.refresh();
        assertThat(file).hasContent(second);
    }

    @Test
    void theRootFollowsTheAuthoritys() throws IOException {
        Path source = folder.resolve("ca/root-cert.pem");
        RootCertificate root = new RootCertificate(source, folder.resolve("root.pem"));
        root.refresh();
        assertThatThrownBy(() -> root.await(Duration.ofMillis(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("logs control-plane");

        Files.createDirectory(source.getParent());
        Files.writeString(source, "first");
        root.refresh();
        assertThat(root.await(Duration.ofMillis(1))).hasContent("first");
        Files.writeString(source, "first and second");
        root.refresh();
        assertThat(root.await(Duration.ofMillis(1))).hasContent("first and second");
    }

    @Test
    void withoutAnnotationsTheRedirectIsIstios() throws IOException {
        assertThat(RedirectAnnotations.read("Pod shop/web", Map.of(), ROOT)).isEqualTo(RedirectOptions.DEFAULT);
        assertThat(RedirectRules.apply(RedirectAnnotations.read("Pod shop/web", Map.of(), new Privileges(false))))
                .contains("meta mark 0x00000539 goto proxy")
                .doesNotContain("skuid");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    includeInboundPorts     | 80,443         | tcp dport { 80, 443 } redirect to :15006
                    excludeOutboundPorts    | 5432           | tcp dport 5432 return
                    includeOutboundIPRanges | 10.96.0.0/16   | ip daddr 10.96.0.0/16 meta l4proto tcp redirect to :15001
                    excludeOutboundIPRanges | 10.1.0.0/16, 10.2.0.0/16 | ip daddr 10.2.0.0/16 return
                    """)
    void annotationsChangeTheRedirect(String name, String value, String rule) throws IOException {
        Map<String, String> annotations = Map.of("traffic.sidecar.istio.io/" + name, value);

        assertThat(RedirectRules.apply(RedirectAnnotations.read("Pod shop/web", annotations, ROOT))
                        .lines()
                        .map(String::strip))
                .contains(rule);
    }

    @ParameterizedTest
    @CsvSource({
        "excludeInboundPorts, http",
        "excludeInboundPorts, 0",
        "excludeOutboundPorts, 65536",
        "excludeOutboundIPRanges, 10.0.0.0/33",
        "includeOutboundIPRanges, everything",
    })
    void anAnnotationThatIsWrongIsNamedAndThePodNotStarted(String name, String value) {
        assertThatThrownBy(() -> RedirectAnnotations.read(
                        "Pod shop/web", Map.of("traffic.sidecar.istio.io/" + name, value), ROOT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("traffic.sidecar.istio.io/" + name)
                .hasMessageContaining(value);
    }

    @Test
    void whatOnlyTheOwnerCanReadIsCopiedForTheLabsOtherUsers() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.writeString(closed.resolve("a.jar"), "a");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        Path target = Files.createDirectory(folder.resolve("target"));
        JavaProgram program =
                new JavaProgram(Path.of("/"), List.of(closed.resolve("a.jar"), folder.resolve("gone.jar")));

        assertThat(Programs.readable(program, target).classPath())
                .singleElement()
                .satisfies(copy -> {
                    assertThat(copy).hasParent(target.resolve("classes")).hasContent("a");
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                            .isEqualTo("rw-r--r--");
                });
    }
}
