package io.tanja.lab.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One port of one virtual address.
 *
 * @param address the virtual address
 * @param port the service's port
 * @param udp whether the port is UDP, not TCP
 * @param endpoints ready endpoints of the address's family; empty refuses connections
 */
public record VirtualService(InetAddress address, int port, boolean udp, List<InetSocketAddress> endpoints) {
    /** Copies the list. */
    public VirtualService {
        endpoints = List.copyOf(endpoints);
    }
}
