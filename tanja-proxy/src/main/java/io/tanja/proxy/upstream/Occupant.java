package io.tanja.proxy.upstream;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Whoever uses a {@link PooledConnection} at the moment. Called on the connection's event loop. */
public interface Occupant {
    /** Bytes came; the occupant must release them. */
    void received(ByteBuf bytes);

    /** No more bytes are there for now: what was written because of them may be flushed. */
    void receivedAll();

    /** Whether the connection takes more bytes has changed. */
    void writabilityChanged(boolean writable);

    /** The peer will send nothing more, but may still read. Only after {@link PooledConnection#allowHalfClose()}. */
    void inputEnded();

    /**
     * The connection is closed; nothing follows.
     *
     * @param cause the failure that closed it, null if the peer closed it in order
     */
    void closed(@Nullable Throwable cause);
}
