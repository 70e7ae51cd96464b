package io.tanja.control.ca;

import io.tanja.model.identity.Quote;
import io.tanja.pki.pem.Pem;
import io.tanja.pki.pem.PemBlock;
import io.tanja.pki.pem.PemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys that sign tokens, in a file of {@code PUBLIC KEY} blocks (EC P-256). Looked at with each use, so that a
 * changed file holds at once; a broken one leaves the last good keys in force and is logged once.
 *
 * <p>Safe for use by several threads.
 */
public final class TokenKeyFile implements Supplier<List<ECPublicKey>> {
    private static final int P256_BITS = 256;
    private static final long MAX_LENGTH = 64 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(TokenKeyFile.class);

    private final Path file;
    private volatile @Nullable State state;

    /** @param file may be missing, or appear later: until then no token is good */
    public TokenKeyFile(Path file) {
        this.file = file;
    }

    /** The keys in force; none before the file was good for the first time. */
    @Override
    public List<ECPublicKey> get() {
        Stamp stamp = stamp();
        State known = state;
        if (known != null && known.stamp.equals(stamp)) {
            return known.keys;
        }
        synchronized (this) {
            State current = state;
            if (current == null || !current.stamp.equals(stamp)) {
                current = new State(stamp, reload(current == null ? List.of() : current.keys));
                state = current;
            }
            return current.keys;
        }
    }

    private List<ECPublicKey> reload(List<ECPublicKey> old) {
        try {
            if (Files.size(file) > MAX_LENGTH) {
                throw new PemException(file + ": is longer than " + MAX_LENGTH + " bytes");
            }
            List<ECPublicKey> keys = parse(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            LOG.info("token keys loaded: file={} keys={}", file, keys.size());
            return keys;
        } catch (IOException | PemException e) {
            LOG.error("token keys not loaded: file={} reason=\"{}\"; {} older in force", file, e, old.size());
            return old;
        }
    }

    static List<ECPublicKey> parse(String source, String text) {
        List<ECPublicKey> keys = new ArrayList<>();
        for (PemBlock block : Pem.parse(source, text)) {
            String where = source + " line " + block.line() + ": ";
            if (!block.label().equals("PUBLIC KEY")) {
                throw new PemException(where + "expected PUBLIC KEY, found " + Quote.printable(block.label()));
            }
            try {
                ECPublicKey key =
                        (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(block.der()));
                if (key.getParams().getOrder().bitLength() != P256_BITS) {
                    throw new PemException(where + "tokens are signed with ES256, which needs a key on P-256");
                }
                keys.add(key);
            } catch (GeneralSecurityException e) {
                throw new PemException(where + "not a readable EC public key", e);
            }
        }
        if (keys.isEmpty()) {
            throw new PemException(source + ": holds no PUBLIC KEY block");
        }
        return List.copyOf(keys);
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return Stamp.MISSING;
        }
    }

    private record State(Stamp stamp, List<ECPublicKey> keys) {}

    /** What changes when the file does; a mounted secret changes its inode. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object inode) {
        static final Stamp MISSING = new Stamp(FileTime.fromMillis(0), -1, null);
    }
}
