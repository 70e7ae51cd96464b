package io.tanja.pki.ca;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The material in force of a CA in a folder. A reload that fails leaves the last good material in force.
 *
 * <p>Read by any thread; {@link #reload} has one caller at a time.
 */
public final class ReloadableCa implements Supplier<SigningMaterial> {
    private final Path path;
    private final CaFolder folder;
    private volatile SigningMaterial current;

    private ReloadableCa(Path path, CaFolder folder, SigningMaterial first) {
        this.path = path;
        this.folder = folder;
        this.current = first;
    }

    /** @throws CaMaterialException if the folder holds no usable CA: there is no older one to fall back to */
    public static ReloadableCa open(Path path, Instant now) throws CaMaterialException {
        CaFolder folder = new CaFolder(path);
        return new ReloadableCa(path, folder, folder.load(now));
    }

    @Override
    public SigningMaterial get() {
        return current;
    }

    /**
     * Reads the folder again. Roots may be added or removed, not exchanged in one step: proxies that trust only the old
     * ones would refuse those that hold new certificates (Istio's rule too, {@code pilot/pkg/bootstrap/istio_ca.go}).
     */
    public ReloadOutcome reload(Instant now) {
        SigningMaterial old = current;
        SigningMaterial next;
        try {
            next = folder.load(now);
        } catch (CaMaterialException e) {
            return new ReloadOutcome.Kept(String.valueOf(e.getMessage()));
        }
        if (next.equals(old)) {
            return new ReloadOutcome.Unchanged();
        }
        Set<X509Certificate> oldRoots = new HashSet<>(old.roots());
        Set<X509Certificate> newRoots = new HashSet<>(next.roots());
        if (!oldRoots.containsAll(newRoots) && !newRoots.containsAll(oldRoots)) {
            return new ReloadOutcome.Kept(path + ": its roots replace those in force; put old and new roots there"
                    + " together, wait until every workload has them, then remove the old");
        }
        current = next;
        return new ReloadOutcome.Replaced(!oldRoots.equals(newRoots));
    }
}
