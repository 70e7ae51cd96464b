package io.tanja.proxy.capture;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Tells where a redirected connection was going. */
@FunctionalInterface
public interface OriginalDestination {
    /** The original destination of an accepted connection, or null if it cannot be had. */
    @Nullable
    InetSocketAddress of(Channel accepted);
}
