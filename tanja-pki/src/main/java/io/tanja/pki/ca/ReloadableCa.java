package io.tanja.pki.ca;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The material in force of a CA that may be replaced where it lies. A reload that fails leaves the last good material in force.
 *
 * <p>Read by any thread; {@link #reload} has one caller at a time.
 */
public final class ReloadableCa implements Supplier<SigningMaterial> {
    private final CaSource source;
    private volatile SigningMaterial current;

    private ReloadableCa(CaSource source, SigningMaterial first) {
        this.source = source;
        this.current = first;
    }

    /** @throws CaMaterialException if the folder holds no usable CA: there is no older one to fall back to */
    public static ReloadableCa open(Path path, Instant now) throws CaMaterialException {
        return open(new CaFolder(path), now);
    }

    /** @throws CaMaterialException if there is no usable CA: there is no older one to fall back to */
    public static ReloadableCa open(CaSource source, Instant now) throws CaMaterialException {
        return new ReloadableCa(source, source.load(now));
    }

    @Override
    public SigningMaterial get() {
        return current;
    }

    /**
     * Reads the source again. Roots may be added or removed, not exchanged in one step: proxies that trust only the old
     * ones would refuse those that hold new certificates (Istio's rule too, {@code pilot/pkg/bootstrap/istio_ca.go}).
     */
    public ReloadOutcome reload(Instant now) {
        SigningMaterial old = current;
        SigningMaterial next;
        try {
            next = source.load(now);
        } catch (CaMaterialException e) {
            return new ReloadOutcome.Kept(String.valueOf(e.getMessage()));
        }
        if (next.equals(old)) {
            return new ReloadOutcome.Unchanged();
        }
        Set<X509Certificate> oldRoots = new HashSet<>(old.roots());
        Set<X509Certificate> newRoots = new HashSet<>(next.roots());
        if (!oldRoots.containsAll(newRoots) && !newRoots.containsAll(oldRoots)) {
            return new ReloadOutcome.Kept(source + ": its roots replace those in force; put old and new roots there"
                    + " together, wait until every workload has them, then remove the old");
        }
        current = next;
        return new ReloadOutcome.Replaced(!oldRoots.equals(newRoots));
    }
}
