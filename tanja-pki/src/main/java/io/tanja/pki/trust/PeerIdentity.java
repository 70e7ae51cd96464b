package io.tanja.pki.trust;

import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.pki.der.Der;
import io.tanja.pki.der.DerException;
import io.tanja.pki.der.DerReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The mesh identity that a certificate claims: its one URI SAN, read from the raw extension and not through the
 * platform's lenient URI type, so that no normalisation stands between the signed bytes and the strict parser.
 */
public sealed interface PeerIdentity {
    /**
     * Exactly one URI SAN, and it is a well-formed identity. Other kinds of names may stand beside it.
     *
     * @param id the identity
     */
    record Claimed(SpiffeId id) implements PeerIdentity {}

    /**
     * No identity that could be believed.
     *
     * @param detail why not, escaped for logs
     */
    record None(String detail) implements PeerIdentity {}

    /** Reads the identity of {@code leaf}; says nothing on whether anybody vouches for it. */
    static PeerIdentity of(X509Certificate leaf) {
        byte[] extension = leaf.getExtensionValue("2.5.29.17");
        if (extension == null) {
            return new None("the certificate has no subject alternative name");
        }
        try {
            return fromNames(extension);
        } catch (DerException e) {
            return new None("the subject alternative name is malformed: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return new None(String.valueOf(e.getMessage()));
        }
    }

    private static PeerIdentity fromNames(byte[] extension) {
        // GeneralNames, RFC 5280 section 4.2.1.6: the tag [6] is uniformResourceIdentifier, IA5String.
        DerReader outer = new DerReader(extension);
        DerReader wrapped = outer.enter(Der.OCTET_STRING);
        outer.requireEnd();
        DerReader names = wrapped.enter(Der.SEQUENCE);
        wrapped.requireEnd();
        String uri = null;
        int uris = 0;
        int others = 0;
        while (names.hasNext()) {
            int tag = names.peekTag();
            DerReader name = names.enter(tag);
            if (tag != 0x86) {
                others++;
                continue;
            }
            uris++;
            uri = new String(name.remaining(), StandardCharsets.ISO_8859_1);
        }
        if (uris != 1) {
            return new None("expected exactly one URI SAN, found " + uris + " and " + others + " of other kinds");
        }
        return claimed(uri);
    }

    private static PeerIdentity claimed(@Nullable String uri) {
        if (uri == null || uri.indexOf('\0') >= 0) {
            return new None("the URI SAN \"" + Quote.printable(String.valueOf(uri)) + "\" holds a NUL");
        }
        return new Claimed(SpiffeId.parse(uri));
    }
}
