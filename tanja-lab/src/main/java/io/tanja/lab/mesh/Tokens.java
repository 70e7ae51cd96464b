package io.tanja.lab.mesh;

import io.tanja.control.ControlOptions;
import io.tanja.control.ca.token.TokenIssuer;
import io.tanja.control.ca.token.TokenSubject;
import io.tanja.lab.pod.PodPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lab's stand-in for the API server's projected tokens: one file per sidecar, signed with a key that lives as long as
 * the lab, renewed in time. Any thread may call.
 */
public final class Tokens {
    /** As long as Istio's injection template has it. */
    private static final Duration LIFETIME = Duration.ofHours(12);

    private static final String AUDIENCE = "istio-ca";
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    private final TokenIssuer issuer;
    private final InstantSource clock;
    private final int owner;
    private final Map<Path, Issued> issued = new ConcurrentHashMap<>();

    private record Issued(TokenSubject subject, Instant renewal) {}

    private Tokens(TokenIssuer issuer, InstantSource clock, int owner) {
        this.issuer = issuer;
        this.clock = clock;
        this.owner = owner;
    }

    /**
     * Makes a signing key and writes its public half for the control plane.
     *
     * @param publicKey the file
     * @param owner numeric id of the user who reads the tokens, negative for the current user
     */
    public static Tokens create(Path publicKey, int owner, InstantSource clock, SecureRandom random)
            throws IOException {
        TokenIssuer issuer = TokenIssuer.create(ControlOptions.DEFAULT_TOKEN_ISSUER, random);
        Files.writeString(publicKey, issuer.publicKeyPem());
        return new Tokens(issuer, clock, owner);
    }

    /** Writes a pod's token and keeps it fresh until {@link #forget}. */
    public void project(PodPlan pod, Path file) throws IOException {
        write(new TokenSubject(pod.namespace(), pod.serviceAccount(), pod.name(), pod.uid()), file);
    }

    /** No longer renews the token in that file. */
    public void forget(Path file) {
        issued.remove(file);
    }

    /** Renews the tokens that have reached half of their life. */
    public void refresh() {
        Instant now = clock.instant();
        issued.forEach((file, token) -> {
            if (!now.isBefore(token.renewal())) {
                try {
                    write(token.subject(), file);
                } catch (IOException e) {
                    LOG.warn("the token of pod {} cannot be renewed", token.subject(), e);
                }
            }
        });
    }

    private void write(TokenSubject subject, Path file) throws IOException {
        Instant now = clock.instant();
        Path made = file.resolveSibling("." + file.getFileName());
        Files.deleteIfExists(made);
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, issuer.issue(subject, AUDIENCE, LIFETIME, now));
        if (owner >= 0) {
            Files.setAttribute(made, "unix:uid", owner);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        issued.put(file, new Issued(subject, now.plus(LIFETIME.dividedBy(2))));
    }
}
