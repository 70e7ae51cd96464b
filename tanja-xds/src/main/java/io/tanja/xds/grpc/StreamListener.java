package io.tanja.xds.grpc;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** What a caller is told of one call, on the connection's event loop. */
public interface StreamListener {
    /**
     * A message has arrived whole. The buffer is the callee's only during the call.
     *
     * @throws IOException if the message cannot be read: the call is cancelled and ends with INTERNAL
     */
    void onMessage(ByteBuf message) throws IOException;

    /** The call is over. Told exactly once, nothing follows. */
    void onClosed(GrpcStatus status);
}
