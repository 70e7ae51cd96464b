package io.tanja.control.ca.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.CaSource;
import io.tanja.pki.ca.CaTexts;
import io.tanja.pki.ca.SelfSignedRoot;
import io.tanja.pki.ca.SigningMaterial;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CA in the Secrets of the system namespace: {@code cacerts} if a user has plugged one in, as for Istio, else
 * {@code tanja-ca}, which the control plane makes once. Holds no state.
 */
public final class SecretCa implements CaSource {
    private static final Logger LOG = LoggerFactory.getLogger(SecretCa.class);
    private static final String PLUGGED_IN = "cacerts";
    private static final String OWN = "tanja-ca";
    /** Istio's type of such Secrets. */
    private static final String TYPE = "istio.io/ca-root";

    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;

    /** @param namespace the system namespace */
    public SecretCa(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /**
     * Makes a self-signed root if there is no CA at all. If several replicas try at once, the API server takes one; all read
     * that one afterwards.
     *
     * @throws CaMaterialException if the Secrets cannot be read or written
     */
    public void createIfNone(TrustDomain trustDomain, Instant now, SecureRandom random) throws CaMaterialException {
        if (secret(PLUGGED_IN) != null || secret(OWN) != null) {
            return;
        }
        CaTexts root = CaTexts.of(place(OWN), SelfSignedRoot.create(trustDomain, now, random));
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(OWN)
                .endMetadata()
                .withType(TYPE)
                .withData(encoded(root.texts()))
                .build();
        try {
            client.secrets().inNamespace(namespace).resource(secret).create();
            LOG.info("self-signed root made secret={}/{}", namespace, OWN);
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw new CaMaterialException(place(OWN) + ": cannot be created: " + why(e)
                        + "; allow the control plane to create Secrets in " + namespace);
            }
            LOG.info("another replica has made the self-signed root secret={}/{}", namespace, OWN);
        }
    }

    @Override
    public SigningMaterial load(Instant now) throws CaMaterialException {
        Secret pluggedIn = secret(PLUGGED_IN);
        if (pluggedIn != null) {
            return texts(PLUGGED_IN, pluggedIn).load(now);
        }
        Secret own = secret(OWN);
        if (own == null) {
            throw new CaMaterialException(place(OWN) + ": is gone; put it back from a backup, or plug in a CA as "
                    + PLUGGED_IN + " that lists the present root too");
        }
        return texts(OWN, own).load(now);
    }

    private @Nullable Secret secret(String name) throws CaMaterialException {
        try {
            return client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            throw new CaMaterialException(place(name) + ": cannot be read: " + why(e)
                    + "; allow the control plane to get Secrets in " + namespace);
        }
    }

    private CaTexts texts(String name, Secret secret) throws CaMaterialException {
        Map<String, String> texts = new HashMap<>();
        Map<String, String> data = secret.getData();
        for (Map.Entry<String, String> part :
                data == null ? Map.<String, String>of().entrySet() : data.entrySet()) {
            try {
                texts.put(
                        part.getKey(),
                        new String(Base64.getDecoder().decode(part.getValue()), StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException e) {
                throw new CaMaterialException(place(name) + " " + Quote.printable(part.getKey()) + ": is not base64");
            }
        }
        return new CaTexts(place(name), texts);
    }

    private static Map<String, String> encoded(Map<String, String> texts) {
        Map<String, String> encoded = new HashMap<>();
        texts.forEach((name, text) ->
                encoded.put(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
        return encoded;
    }

    private String place(String name) {
        return "Secret " + namespace + "/" + name;
    }

    private static String why(KubernetesClientException e) {
        return Quote.printable(String.valueOf(e.getMessage()));
    }

    /** Where the Secrets are. */
    @Override
    public String toString() {
        return "Secrets of namespace " + namespace;
    }
}
