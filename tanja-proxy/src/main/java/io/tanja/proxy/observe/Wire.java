package io.tanja.proxy.observe;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.Workload;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.TransportSecurity;
import org.jspecify.annotations.Nullable;

/**
 * Reads from records what concerns the wire between two pods: inbound that is the caller's side, outbound the side of the
 * destination.
 */
final class Wire {
    private Wire() {}

    static @Nullable TransportSecurity security(ConnectionRecord connection) {
        return connection.direction == Direction.INBOUND ? connection.downstream : connection.upstream;
    }

    static @Nullable TransportSecurity security(RequestRecord request) {
        if (request.connection.direction == Direction.OUTBOUND && request.upstreamSecurity != null) {
            return request.upstreamSecurity;
        }
        return security(request.connection);
    }

    static @Nullable PlaintextReason plaintext(@Nullable TransportSecurity security) {
        return security instanceof TransportSecurity.Plaintext plain ? plain.why() : null;
    }

    static @Nullable SpiffeId source(Direction direction, @Nullable TransportSecurity security) {
        if (!(security instanceof TransportSecurity.Mutual mutual)) {
            return null;
        }
        return direction == Direction.INBOUND ? mutual.peer() : mutual.self();
    }

    static @Nullable SpiffeId destination(Direction direction, @Nullable TransportSecurity security) {
        if (!(security instanceof TransportSecurity.Mutual mutual)) {
            return null;
        }
        return direction == Direction.INBOUND ? mutual.self() : mutual.peer();
    }

    static @Nullable Workload peer(RequestRecord request) {
        if (request.connection.direction == Direction.OUTBOUND && request.upstream != null) {
            return request.upstream.workload();
        }
        return request.connection.peer;
    }

    static @Nullable String cluster(RequestRecord request) {
        return request.upstream != null ? request.upstream.cluster() : request.connection.cluster;
    }
}
