package io.tanja.pki.trust;

import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.security.Refusal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a peer's chain that does not depend on whom we expect: does a root that may vouch for the leaf's
 * identity stand behind it, now, for use in TLS. The answer holds until the bundle or the time changes.
 */
final class ChainCheck {
    private static final int MAX_LENGTH = 10;
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final Set<String> TLS_USAGES =
            Set.of(PeerRole.CLIENT.extendedKeyUsage(), PeerRole.SERVER.extendedKeyUsage(), ANY_USAGE);

    private ChainCheck() {}

    /** The answer. */
    sealed interface Result {
        /**
         * Vouched for.
         *
         * @param usages the extended key usages of the leaf that matter here; null if it is not restricted
         * @param validity when the whole path is valid
         */
        record Vouched(SpiffeId id, @Nullable Set<String> usages, Validity validity) implements Result {
            boolean allows(PeerRole role) {
                return usages == null || usages.contains(role.extendedKeyUsage()) || usages.contains(ANY_USAGE);
            }
        }

        /** Refused, whoever is expected. */
        record Refused(PeerVerdict.Rejected verdict) implements Result {}
    }

    static Result of(List<X509Certificate> chain, TrustBundle bundle, Instant now) {
        if (chain.size() > MAX_LENGTH) {
            return refused(
                    Refusal.PEER_BAD_CERTIFICATE,
                    "the chain has " + chain.size() + " certificates, at most " + MAX_LENGTH + " are read");
        }
        return switch (PeerIdentity.of(chain.getFirst())) {
            case PeerIdentity.Claimed claimed -> check(chain, bundle, claimed.id(), now);
            case PeerIdentity.None none -> withoutIdentity(chain, bundle, none.detail(), now);
        };
    }

    private static Result check(List<X509Certificate> chain, TrustBundle bundle, SpiffeId id, Instant now) {
        return switch (CertificatePath.validate(chain, bundle.rootsOf(id.trustDomain()), now)) {
            case CertificatePath.Outcome.NoRoot noRoot ->
                new Result.Refused(UnknownRoot.explain(chain, bundle, id, now));
            case CertificatePath.Outcome.Broken broken ->
                refused(
                        Refusal.PEER_BAD_CERTIFICATE,
                        "the chain of " + id + " is not valid: " + Quote.printable(broken.why()));
            case CertificatePath.Outcome.Valid valid -> timesAndUse(chain, valid.root(), id, now);
        };
    }

    private static Result timesAndUse(List<X509Certificate> chain, X509Certificate root, SpiffeId id, Instant now) {
        X509Certificate leaf = chain.getFirst();
        if (!Validity.of(leaf).contains(now)) {
            return refused(
                    Refusal.PEER_CERTIFICATE_EXPIRED,
                    "the certificate of " + id + " " + Validity.of(leaf).explain(now));
        }
        Validity validity = Validity.of(root).and(Validity.of(chain));
        if (!validity.contains(now)) {
            return refused(
                    Refusal.PEER_CERTIFICATE_EXPIRED,
                    "a CA certificate above the one of " + id + " " + validity.explain(now));
        }
        if (leaf.getBasicConstraints() >= 0) {
            return refused(
                    Refusal.PEER_BAD_CERTIFICATE, "the certificate of " + id + " is a CA's, expected a workload's");
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage != null && !usage[0]) {
            return refused(
                    Refusal.PEER_BAD_CERTIFICATE, "the certificate of " + id + " lacks the key usage digitalSignature");
        }
        try {
            return new Result.Vouched(id, tlsUsages(leaf), validity);
        } catch (CertificateParsingException e) {
            return refused(
                    Refusal.PEER_BAD_CERTIFICATE,
                    "the extended key usage in the certificate of " + id + " is malformed");
        }
    }

    private static @Nullable Set<String> tlsUsages(X509Certificate leaf) throws CertificateParsingException {
        List<String> usages = leaf.getExtendedKeyUsage();
        return usages == null
                ? null
                : usages.stream().filter(TLS_USAGES::contains).collect(Collectors.toUnmodifiableSet());
    }

    /** A stranger's certificate says nothing, not even that it has no identity: so the chain is looked at first. */
    private static Result withoutIdentity(List<X509Certificate> chain, TrustBundle bundle, String detail, Instant now) {
        return switch (CertificatePath.validate(chain, bundle.all(), now)) {
            case CertificatePath.Outcome.NoRoot noRoot ->
                new Result.Refused(UnknownRoot.explain(chain, bundle, detail));
            case CertificatePath.Outcome.Broken broken ->
                refused(
                        Refusal.PEER_BAD_CERTIFICATE,
                        "the chain of a peer without identity is not valid: " + Quote.printable(broken.why()));
            case CertificatePath.Outcome.Valid valid -> refused(Refusal.PEER_NO_IDENTITY, detail);
        };
    }

    private static Result refused(Refusal reason, String detail) {
        return new Result.Refused(new PeerVerdict.Rejected(reason, detail));
    }
}
