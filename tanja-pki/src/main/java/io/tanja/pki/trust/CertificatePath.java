package io.tanja.pki.trust;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Path validation of RFC 5280 section 6 by the platform, without revocation, on a chain in the order it was sent (leaf
 * first). The time of validity is left to the caller, who must check it: so a stranger's expired certificate is called a
 * stranger's, and a message can name the times.
 *
 * <p>The platform's validator and not one of our own, which would save some 50 ms of CPU in a cold JVM (190 ms, of which
 * the signature takes 110) and would have to get name constraints, path lengths and critical extensions right. A proxy
 * that verifies its own chain when it gets it has paid before its first peer comes.
 */
public final class CertificatePath {
    private CertificatePath() {}

    /** What validation says. */
    public sealed interface Outcome {
        /**
         * The chain ends at a root.
         *
         * @param root that root
         */
        record Valid(X509Certificate root) implements Outcome {}

        /** No root signed the chain's last certificate. */
        record NoRoot() implements Outcome {}

        /**
         * The path breaks a rule.
         *
         * @param why in the platform's words; may quote the certificate
         */
        record Broken(String why) implements Outcome {}
    }

    /**
     * Looks for a path from the chain's first certificate to one of {@code roots}; a root valid at {@code now} is taken
     * before one that is not.
     *
     * @param chain not empty
     */
    public static Outcome validate(List<X509Certificate> chain, Collection<X509Certificate> roots, Instant now) {
        List<X509Certificate> path = below(roots, chain);
        Validity window = Validity.of(path);
        Instant at = window.contains(now) ? now : window.notBefore();
        List<X509Certificate> valid =
                roots.stream().filter(root -> Validity.of(root).contains(now)).toList();
        Outcome outcome = run(path, valid, at);
        return outcome instanceof Outcome.NoRoot && valid.size() < roots.size() ? run(path, roots, at) : outcome;
    }

    private static Outcome run(List<X509Certificate> path, Collection<X509Certificate> roots, Instant at) {
        if (roots.isEmpty()) {
            return new Outcome.NoRoot();
        }
        Set<TrustAnchor> anchors =
                roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            PKIXCertPathValidatorResult result = (PKIXCertPathValidatorResult) CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return new Outcome.Valid(result.getTrustAnchor().getTrustedCert());
        } catch (CertPathValidatorException e) {
            return isMissingRoot(e, path) ? new Outcome.NoRoot() : new Outcome.Broken(String.valueOf(e.getMessage()));
        } catch (InvalidAlgorithmParameterException e) {
            return new Outcome.Broken(String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PKIX and X.509", e);
        }
    }

    /** No anchor of that name, or one of that name with another key. */
    private static boolean isMissingRoot(CertPathValidatorException e, List<X509Certificate> path) {
        return e.getReason() == PKIXReason.NO_TRUST_ANCHOR
                || e.getReason() == CertPathValidatorException.BasicReason.INVALID_SIGNATURE
                        && e.getIndex() == path.size() - 1;
    }

    /** The chain up to the first root in it: peers may send the root too, which proves nothing. */
    private static List<X509Certificate> below(Collection<X509Certificate> roots, List<X509Certificate> chain) {
        List<X509Certificate> below = new ArrayList<>();
        below.add(chain.getFirst());
        for (X509Certificate certificate : chain.subList(1, chain.size())) {
            if (roots.contains(certificate)) {
                break;
            }
            below.add(certificate);
        }
        return below;
    }
}
