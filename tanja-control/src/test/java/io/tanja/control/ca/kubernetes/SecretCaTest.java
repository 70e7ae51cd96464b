package io.tanja.control.ca.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.control.watch.FakeApiServer;
import io.tanja.control.watch.Json;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.CaTexts;
import io.tanja.pki.ca.ReloadOutcome;
import io.tanja.pki.ca.ReloadableCa;
import io.tanja.pki.ca.SelfSignedRoot;
import io.tanja.pki.ca.SigningMaterial;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretCaTest {
    private static final String SECRETS = "api/v1/secrets";
    private static final String NAMESPACE = "tanja-system";
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private FakeApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeApiServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SecretCa ca() {
        return new SecretCa(server.client(), NAMESPACE);
    }

    private SecretCa created() throws CaMaterialException {
        SecretCa ca = ca();
        ca.createIfNone(TrustDomain.CLUSTER_LOCAL, NOW, RANDOM);
        return ca;
    }

    private static SigningMaterial root() {
        return SelfSignedRoot.create(TrustDomain.CLUSTER_LOCAL, NOW, RANDOM);
    }

    private void plugIn(Map<String, String> texts) {
        Map<String, Object> data = new HashMap<>();
        texts.forEach((name, text) ->
                data.put(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
        server.store()
                .put(
                        SECRETS,
                        Map.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Secret",
                                "metadata",
                                Map.of("name", "cacerts", "namespace", NAMESPACE),
                                "data",
                                data));
    }

    @Test
    void manyReplicasThatStartAtOnceAgreeOnOneRoot() throws Exception {
        int replicas = 4;
        CyclicBarrier barrier = new CyclicBarrier(replicas);
        List<Future<SigningMaterial>> roots = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < replicas; i++) {
                SecretCa ca = ca();
                roots.add(threads.submit(() -> {
                    barrier.await(10, TimeUnit.SECONDS);
                    ca.createIfNone(TrustDomain.CLUSTER_LOCAL, NOW, RANDOM);
                    return ca.load(NOW);
                }));
            }
            SigningMaterial first = roots.getFirst().get();
            for (Future<SigningMaterial> root : roots) {
                assertThat(root.get()).isEqualTo(first);
            }
        }
    }

    @Test
    void theRootOutlivesTheProcess() throws Exception {
        SigningMaterial first = created().load(NOW);

        assertThat(created().load(NOW)).isEqualTo(first);
        Map<String, Object> secret = Objects.requireNonNull(server.store().get(SECRETS, NAMESPACE, "tanja-ca"));
        assertThat(Json.text(secret, "type")).isEqualTo("istio.io/ca-root");
        assertThat(Json.map(secret, "data"))
                .containsOnlyKeys("ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem");
    }

    @Test
    void aPluggedInCaComesFirstAndNoRootIsMadeBesideIt() throws Exception {
        SigningMaterial root = root();
        plugIn(CaTexts.of("x", root).texts());

        assertThat(created().load(NOW)).isEqualTo(root);
        assertThat(server.store().get(SECRETS, NAMESPACE, "tanja-ca")).isNull();
    }

    @Test
    void garbageIsRefusedAndTheOldCaServesOn() throws Exception {
        SigningMaterial root = root();
        plugIn(CaTexts.of("x", root).texts());
        ReloadableCa ca = ReloadableCa.open(created(), NOW);

        plugIn(Map.of("ca-cert.pem", "garbage", "ca-key.pem", "", "cert-chain.pem", "", "root-cert.pem", ""));
        assertThat(ca.reload(NOW))
                .isInstanceOfSatisfying(
                        ReloadOutcome.Kept.class,
                        kept -> assertThat(kept.why()).contains("Secret tanja-system/cacerts ca-cert.pem"));
        server.store().delete(SECRETS, NAMESPACE, "cacerts");
        assertThat(ca.reload(NOW))
                .isInstanceOfSatisfying(
                        ReloadOutcome.Kept.class, kept -> assertThat(kept.why()).contains("is gone"));

        assertThat(ca.get()).isEqualTo(root);
        assertThat(server.store().get(SECRETS, NAMESPACE, "tanja-ca"))
                .as("no root is made to replace one that is in force")
                .isNull();
    }

    @Test
    void anApiServerThatCannotBeAskedIsNoReasonForANewRoot() {
        server.fail(SECRETS, 403);

        assertThatThrownBy(this::created)
                .isInstanceOf(CaMaterialException.class)
                .hasMessageContaining("Secret tanja-system/cacerts: cannot be read")
                .hasMessageContaining("get Secrets");
    }
}
