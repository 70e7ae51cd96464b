package io.tanja.xds.ads.server;

import io.tanja.model.identity.SpiffeId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the server can answer at one moment. Immutable and safe for use by many threads; a new one replaces the old
 * one whole, so that one response never mixes two states of the mesh. Two catalogs that are equal must answer alike.
 */
public interface Catalog {
    /** A catalog without resources: what is served before the first state is known. */
    Catalog EMPTY = new Catalog() {
        @Override
        public String version() {
            return "0";
        }

        @Override
        public Collection<ServedResource> all(String typeUrl) {
            return List.of();
        }

        @Override
        public List<ServedResource> find(String typeUrl, String key) {
            return List.of();
        }

        @Override
        public @Nullable String refusal(SpiffeId caller, String typeUrl, String key) {
            return null;
        }
    };

    /** Name of the state, sent as {@code system_version_info}. */
    String version();

    /** What a wildcard subscription gets; empty for a type that is not served. */
    Collection<ServedResource> all(String typeUrl);

    /**
     * What a subscription to one key gets.
     *
     * @param key a resource's name or one of its aliases; the key of a virtual address finds the service and its
     *     workloads
     * @return empty if nothing has that key
     */
    List<ServedResource> find(String typeUrl, String key);

    /**
     * Whether a caller may read a key.
     *
     * @param key a key, or {@link Subscription#WILDCARD}
     * @return null if it may, else the reason why not, for the log
     */
    @Nullable
    String refusal(SpiffeId caller, String typeUrl, String key);
}
