package io.tanja.control.source;

import java.util.function.Consumer;

/**
 * Where the declared objects come from. Everything after it is the same code, whatever the source.
 *
 * <p>A source never takes back what it could not read again: as long as it cannot see its objects, the last snapshot
 * stands, and a problem says so.
 */
public interface Source extends AutoCloseable {
    /**
     * Begins to watch. The first snapshot is handed over before this returns; later ones come from the source's own
     * thread, one at a time, each replacing the one before.
     *
     * @throws IllegalStateException if it was started before
     */
    void start(Consumer<SourceSnapshot> sink);

    /** Stops watching; no snapshot is handed over after it returns. */
    @Override
    void close();
}
