package io.tanja.pki.ca;

import java.time.Instant;

/** Where a CA's material lies. Its {@code toString} names the place for messages. */
@FunctionalInterface
public interface CaSource {
    /**
     * Reads everything anew. What comes back is whole: every part was checked against the others.
     *
     * @param now for the times of validity
     * @throws CaMaterialException if a part is missing, unreadable, or does not fit the others; names it and the remedy
     */
    SigningMaterial load(Instant now) throws CaMaterialException;
}
