package io.tanja.pki.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** When something is valid, both ends included; empty where {@code notAfter} is before {@code notBefore}. */
record Validity(Instant notBefore, Instant notAfter) {
    static Validity of(X509Certificate certificate) {
        return new Validity(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /** When all of {@code chain}, which is not empty, are valid. */
    static Validity of(List<X509Certificate> chain) {
        return chain.stream().map(Validity::of).reduce(Validity::and).orElseThrow();
    }

    Validity and(Validity other) {
        return new Validity(
                notBefore.isAfter(other.notBefore) ? notBefore : other.notBefore,
                notAfter.isBefore(other.notAfter) ? notAfter : other.notAfter);
    }

    boolean contains(Instant time) {
        return !time.isBefore(notBefore) && !time.isAfter(notAfter);
    }

    /** Why something is not valid at {@code now}, beginning with a verb. */
    String explain(Instant now) {
        String how = now.isBefore(notBefore) ? "is not yet valid" : "has expired";
        return how + ": valid from " + notBefore + " until " + notAfter + ", now is " + now;
    }
}
