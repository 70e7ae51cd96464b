package io.tanja.control.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.control.ca.ServingCertificate;
import io.tanja.control.ca.ServingKeyManager;
import io.tanja.control.serve.HttpLimits;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.CertificateLifetimes;
import io.tanja.pki.ca.SelfSignedRoot;
import io.tanja.pki.ca.ServingNames;
import io.tanja.pki.ca.SigningMaterial;
import io.tanja.pki.renewal.RenewalSchedule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionServerTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String POD = "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"spec\": {\"containers\": []}}";

    private volatile SigningMaterial material =
            SelfSignedRoot.create(TrustDomain.CLUSTER_LOCAL, CLOCK.instant(), RANDOM);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile AdmissionReviewer reviewer =
            request -> Responses.allowed(List.of("seen " + request.getNamespace()));

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private AdmissionServer server;

    @BeforeEach
    void start() throws Exception {
        HttpLimits.set();
        ServingCertificate certificate = ServingCertificate.issue(
                new CertificateAuthority(() -> material, CertificateLifetimes.ISTIO, RANDOM),
                new ServingNames(List.of("localhost"), List.of()),
                RenewalSchedule.HALF_LIFE,
                CLOCK,
                RANDOM);
        server = AdmissionServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ServingKeyManager(certificate),
                Map.of("/inject", request -> reviewer.review(request)),
                new KubernetesSerialization(),
                threads);
    }

    @AfterEach
    void stop() {
        server.close();
        threads.shutdownNow();
    }

    private Reviews client() throws Exception {
        return new Reviews(server.port(), material.roots());
    }

    @Test
    void theAnswerCarriesTheUidOfItsRequest() throws Exception {
        try (Reviews client = client()) {
            assertThat(client.review("shop", POD))
                    .containsEntry("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
                    .containsEntry("allowed", true)
                    .containsEntry("warnings", List.of("seen shop"));
        }
    }

    @Test
    void whatFailsIsNotLetInAndSaysWhy() throws Exception {
        reviewer = request -> {
            throw new IllegalStateException("the API server is away");
        };
        try (Reviews client = client()) {
            Map<String, Object> response = client.review("shop", POD);

            assertThat(response).containsEntry("allowed", false);
            assertThat(response.get("status")).asString().contains("the API server is away", "try again");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "not json at all",
                "apiVersion: admission.k8s.io/v1",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{}}",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":7}",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\",\"request\":{\"uid\":\"u\"}}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"spec\":7}}}"
            })
    void whatIsNoReviewIsABadRequest(String body) throws Exception {
        try (Reviews client = client()) {
            assertThat(client.send("POST", "/inject", "application/json", body.getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(client.review("shop", POD)).containsEntry("allowed", true);
        }
    }

    @Test
    void deepAndBigBodiesAreRefused() throws Exception {
        try (Reviews client = client()) {
            String deep = "{\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u\",\"object\":"
                    + "[".repeat(500_000) + "]".repeat(500_000) + "}}";
            assertThat(client.send("POST", "/inject", "application/json", deep.getBytes(StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(client.send("POST", "/inject", "application/json", new byte[(3 << 20) + 1])
                            .statusCode())
                    .isEqualTo(413);
            String big = POD.replace("\"spec\"", "\"metadata\": {\"name\": \"" + "x".repeat(1 << 20) + "\"}, \"spec\"");
            assertThat(client.review("shop", big)).containsEntry("allowed", true);
        }
    }

    @Test
    void otherPathsMethodsAndTypesAreRefused() throws Exception {
        byte[] body = Reviews.request("shop", POD).getBytes(StandardCharsets.UTF_8);
        try (Reviews client = client()) {
            assertThat(client.send("POST", "/validate", "application/json", body)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(client.send("POST", "/", "application/json", body).statusCode())
                    .isEqualTo(404);
            assertThat(client.send("PUT", "/inject", "application/json", body).statusCode())
                    .isEqualTo(405);
            assertThat(client.send("POST", "/inject", "text/yaml", body).statusCode())
                    .isEqualTo(415);
            assertThat(client.send("POST", "/inject", "application/json; charset=utf-8", body)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anotherCaServesTheNextHandshake() throws Exception {
        Reviews old = client();
        material = SelfSignedRoot.create(TrustDomain.CLUSTER_LOCAL, CLOCK.instant(), RANDOM);
        try (old;
                Reviews next = client()) {
            assertThat(next.review("shop", POD)).containsEntry("allowed", true);
            assertThatThrownBy(() -> old.review("shop", POD)).isInstanceOf(IOException.class);
        }
    }

    /** Plaintext, half a handshake, half a request: nobody else waits for them, and in the end they are cut off. */
    @Test
    void clientsThatStallHoldUpNobodyAndAreCutOff() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try (Reviews client = client()) {
            for (int i = 0; i < 40; i++) {
                Socket socket = Reviews.trusting(material.roots())
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.port());
                socket.getOutputStream()
                        .write(("POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 1000\r\n\r\n{")
                                .getBytes(StandardCharsets.US_ASCII));
                stalled.add(socket);
            }
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
            plain.getOutputStream().write(new byte[] {0x16, 3, 1});
            stalled.add(plain);

            assertThat(client.review("shop", POD)).containsEntry("allowed", true);

            for (Socket socket : stalled) {
                socket.setSoTimeout(30_000);
                assertThat(end(socket)).isTrue();
            }
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    /** Whether the other side ends the connection, before this one loses patience. */
    private static boolean end(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
