package io.tanja.xds.ads.server;

import io.tanja.model.identity.SpiffeId;
import java.time.Instant;
import java.util.List;

/**
 * One connected client.
 *
 * @param id number of the stream, unique while the process lives
 * @param caller the identity that its token proved
 * @param node the {@code node.id} that it gave itself, escaped; empty before its first request
 * @param peer the address it called from
 * @param since when it connected
 * @param types how far it is with each type, in the order in which it asked for them
 */
public record StreamStatus(long id, SpiffeId caller, String node, String peer, Instant since, List<PushStatus> types) {
    /** Copies the list. */
    public StreamStatus {
        types = List.copyOf(types);
    }
}
