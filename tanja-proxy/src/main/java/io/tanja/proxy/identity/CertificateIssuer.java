package io.tanja.proxy.identity;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where certificates come from; {@code CaClient::createCertificate} is one. */
@FunctionalInterface
public interface CertificateIssuer {
    /**
     * Asks for a certificate.
     *
     * @param csrPem the request
     * @param ttl the lifetime wished for
     * @return PEM: the leaf, then intermediates one by one, then all roots in the last element; completed on any thread
     */
    CompletableFuture<List<String>> issue(String csrPem, Duration ttl);
}
