package io.tanja.xds.grpc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up host names. Called on a virtual thread, may block. */
@FunctionalInterface
public interface HostResolver {
    /** The machine's own resolver. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /** All addresses of a name or literal, at least one, best first. */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
