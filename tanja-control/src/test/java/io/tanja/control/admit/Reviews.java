package io.tanja.control.admit;

import io.tanja.control.watch.Json;
import io.tanja.pki.pem.Certificates;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Calls webhooks as an API server does, and reads the answers as it does. */
public final class Reviews implements AutoCloseable {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private final URI server;
    private final HttpClient client;

    /** Calls a port of this machine, whose certificate must chain to these roots. */
    public Reviews(int port, List<X509Certificate> roots) throws Exception {
        server = URI.create("https://localhost:" + port);
        client = HttpClient.newBuilder().sslContext(trusting(roots)).build();
    }

    /** A TLS context of a client that trusts these roots only. */
    static SSLContext trusting(List<X509Certificate> roots) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509Certificate root : roots) {
            store.setCertificateEntry(String.valueOf(store.size()), root);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** The same with roots in PEM. */
    public static Reviews of(int port, String pem) throws Exception {
        return new Reviews(port, Certificates.parse("caBundle", pem));
    }

    HttpResponse<String> send(String method, String path, String type, byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", type)
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a pod for review; returns the response of the answer. */
    public Map<String, Object> review(String namespace, String pod) throws Exception {
        HttpResponse<String> answer = send(
                "POST",
                "/inject?timeout=10s",
                "application/json",
                request(namespace, pod).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> review = MAPPER.readValue(answer.body(), new TypeReference<>() {});
        if (answer.statusCode() != 200 || !"admission.k8s.io/v1".equals(review.get("apiVersion"))) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return Json.map(review, "response");
    }

    static String request(String namespace, String pod) {
        return """
                {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {
                  "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
                  "kind": {"group": "", "version": "v1", "kind": "Pod"},
                  "resource": {"group": "", "version": "v1", "resource": "pods"},
                  "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
                  "namespace": "%s", "operation": "CREATE", "userInfo": {"username": "rs", "extra": {"a": ["b"]}},
                  "object": %s, "oldObject": null, "dryRun": false,
                  "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}}}
                """.formatted(namespace, pod);
    }

    @Override
    public void close() {
        client.close();
    }
}
