package io.tanja.proxy.identity;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the data path gets its identity. Safe for use by any thread. */
public interface IdentitySource {
    /** The newest identity, expired or not; null before the first certificate has come. */
    @Nullable
    IdentitySnapshot current();

    /** Calls {@code listener} with each new identity, on the thread that publishes it; at once if there is one. */
    void subscribe(Consumer<IdentitySnapshot> listener);
}
