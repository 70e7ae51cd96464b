package io.tanja.xds.ca;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tanja.pki.TestPki;
import io.tanja.xds.fake.ClientLoop;
import io.tanja.xds.fake.FakeControlPlane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaClientTest {
    private final TestPki pki = TestPki.create(Instant.now());
    private ClientLoop loop;
    private FakeControlPlane server;

    @BeforeEach
    void start() {
        loop = new ClientLoop();
        server = FakeControlPlane.start(pki);
    }

    @AfterEach
    void stop() {
        server.close();
        loop.close();
    }

    private CompletableFuture<List<String>> ask(Supplier<String> token, Duration timeout) {
        return new CaClient(loop.to(server), token, "c1", timeout).createCertificate("CSR", Duration.ofHours(24));
    }

    private CompletableFuture<List<String>> ask() {
        return ask(() -> "token\n", Duration.ofSeconds(20));
    }

    private static CaException failure(CompletableFuture<List<String>> result) throws Exception {
        try {
            throw new AssertionError("unexpected chain " + result.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(CaException.class);
            return (CaException) e.getCause();
        }
    }

    @Test
    void returnsTheChain() throws Exception {
        List<String> chain = TestPki.istioChain(pki.leaf("ns", "sa"));
        server.issue(request -> chain);
        assertThat(ask().get(20, TimeUnit.SECONDS)).isEqualTo(chain);
        assertThat(server.authorizations()).containsExactly("Bearer token");
        assertThat(server.certificateRequests()).singleElement().satisfies(request -> {
            assertThat(request.getCsr()).isEqualTo("CSR");
            assertThat(request.getValidityDuration()).isEqualTo(86400);
        });
    }

    @Test
    void aChainWithoutRootIsInvalid() throws Exception {
        server.issue(request -> TestPki.istioChain(pki.leaf("ns", "sa")).subList(0, 1));
        assertThat(failure(ask()).kind()).isEqualTo(CaException.Kind.INVALID);
    }

    @Test
    void anElementThatIsNoCertificateIsInvalid() throws Exception {
        String leaf = TestPki.istioChain(pki.leaf("ns", "sa")).getFirst();
        server.issue(request -> List.of(leaf, "", leaf));
        assertThat(failure(ask()))
                .hasMessageContaining("element 1")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(CaException.Kind.INVALID));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHENTICATED", "PERMISSION_DENIED", "UNAVAILABLE", "INVALID_ARGUMENT", "INTERNAL"})
    void refusalsHaveAKind(Status.Code code) throws Exception {
        server.refuse(code.toStatus().withDescription("because"));
        CaException.Kind kind = switch (code) {
            case UNAUTHENTICATED, PERMISSION_DENIED -> CaException.Kind.UNAUTHENTICATED;
            case UNAVAILABLE -> CaException.Kind.UNREACHABLE;
            default -> CaException.Kind.INVALID;
        };
        assertThat(failure(ask()))
                .hasMessageContaining("because")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void aSilentCaIsUnreachable() throws Exception {
        server.mute(true);
        CaException failure = failure(ask(() -> "t", Duration.ofMillis(200)));
        assertThat(failure.kind()).isEqualTo(CaException.Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("200 ms");
    }

    @Test
    void aStoppedCaIsUnreachable() throws Exception {
        server.stop();
        assertThat(failure(ask()).kind()).isEqualTo(CaException.Kind.UNREACHABLE);
    }

    @Test
    void withoutTokenNothingIsAsked() throws Exception {
        CaException failure = failure(ask(
                () -> {
                    throw new IllegalStateException("/var/run/token is missing");
                },
                Duration.ofSeconds(20)));
        assertThat(failure.kind()).isEqualTo(CaException.Kind.UNAUTHENTICATED);
        assertThat(failure).hasMessageContaining("/var/run/token is missing");
        assertThat(failure(ask(() -> "a\r\nb", Duration.ofSeconds(20))).kind())
                .isEqualTo(CaException.Kind.UNAUTHENTICATED);
        assertThat(server.authorizations()).isEmpty();
    }
}
