package io.tanja.proxy.tls;

import io.tanja.model.identity.SpiffeId;
import io.tanja.proxy.identity.IdentitySnapshot;
import java.util.Set;

/** Makes the check of a peer from the trust bundle that the connection starts with. */
public interface PeerJudge {
    /** The check of a server, which must be exactly one of {@code expected}. */
    PeerCheck server(IdentitySnapshot identity, Set<SpiffeId> expected);

    /** The check of a caller, which must be of an accepted trust domain. */
    PeerCheck caller(IdentitySnapshot identity);
}
