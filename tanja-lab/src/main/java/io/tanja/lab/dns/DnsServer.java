package io.tanja.lab.dns;

import io.tanja.lab.dns.DnsMessage.Query;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the pods' name queries over UDP and TCP.
 *
 * <p>Names outside the cluster do not exist: the lab has no way out, and an immediate answer is better than a client that
 * waits. Threads: one per socket and TCP connection; they share only the current {@link Names}, which
 * {@link #publish} replaces whole.
 */
public final class DnsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
    private static final int UDP_LIMIT = 512;
    private static final int TCP_LIMIT = 65_535;
    private static final int TCP_IDLE_MILLIS = 5_000;

    private volatile Names names = Names.EMPTY;
    private final List<AutoCloseable> sockets = new ArrayList<>();
    private final RandomGenerator random;

    private DnsServer(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Listens on each address.
     *
     * @param port 53, or 0 for any free one (tests)
     * @param random shuffles the addresses of headless services
     * @throws IOException if an address cannot be listened on
     */
    public static DnsServer start(List<InetAddress> addresses, int port, RandomGenerator random) throws IOException {
        DnsServer server = new DnsServer(random);
        try {
            for (InetAddress address : addresses) {
                server.listen(address, port);
            }
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Replaces what names mean; queries from now on see it. */
    public void publish(Names current) {
        names = current;
    }

    /** The ports listened on, one per address. */
    List<Integer> ports() {
        return sockets.stream()
                .filter(DatagramSocket.class::isInstance)
                .map(s -> ((DatagramSocket) s).getLocalPort())
                .toList();
    }

    @Override
    public void close() {
        for (AutoCloseable socket : sockets) {
            try {
                socket.close();
            } catch (Exception e) {
                LOG.debug("closing a name server socket", e);
            }
        }
    }

    private void listen(InetAddress address, int port) throws IOException {
        DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, port));
        sockets.add(udp);
        ServerSocket tcp = new ServerSocket();
        sockets.add(tcp);
        tcp.bind(new InetSocketAddress(address, udp.getLocalPort()));
        Thread.ofPlatform().daemon().name("dns-udp").start(() -> serveUdp(udp));
        Thread.ofPlatform().daemon().name("dns-tcp").start(() -> acceptTcp(tcp));
    }

    private void serveUdp(DatagramSocket socket) {
        byte[] buffer = new byte[1500];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Optional<byte[]> answer = answer(buffer, packet.getLength(), UDP_LIMIT);
                if (answer.isPresent()) {
                    byte[] bytes = answer.get();
                    socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // One client that is gone must not end the service of all others.
                LOG.debug("name query over UDP", e);
            }
        }
    }

    private void acceptTcp(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofPlatform().daemon().name("dns-client").start(() -> serveTcp(client));
            } catch (IOException e) {
                LOG.debug("name query over TCP", e);
            }
        }
    }

    private void serveTcp(Socket client) {
        try (client) {
            client.setSoTimeout(TCP_IDLE_MILLIS);
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] packet = in.readNBytes(in.readUnsignedShort());
                Optional<byte[]> answer = answer(packet, packet.length, TCP_LIMIT);
                if (answer.isEmpty()) {
                    return;
                }
                out.writeShort(answer.get().length);
                out.write(answer.get());
                out.flush();
            }
        } catch (IOException e) {
            LOG.debug("name query over TCP", e);
        }
    }

    /** The answer to a packet; empty if it is no query and must be left unanswered. */
    Optional<byte[]> answer(byte[] packet, int length, int limit) {
        return DnsMessage.read(packet, length).map(query -> answer(query, packet, limit));
    }

    private byte[] answer(Query query, byte[] packet, int limit) {
        if (query.opcode() != 0) {
            return DnsMessage.answer(query, packet, DnsMessage.NOT_IMPLEMENTED, List.of(), limit);
        }
        Optional<List<InetAddress>> found = names.lookup(query.name());
        if (found.isEmpty()) {
            return DnsMessage.answer(query, packet, DnsMessage.NAME_ERROR, List.of(), limit);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (InetAddress address : found.get()) {
            int type = address instanceof Inet6Address ? DnsMessage.TYPE_AAAA : DnsMessage.TYPE_A;
            if (query.type() == type || query.type() == DnsMessage.TYPE_ANY) {
                addresses.add(address);
            }
        }
        Collections.shuffle(addresses, random);
        return DnsMessage.answer(query, packet, DnsMessage.NO_ERROR, addresses, limit);
    }
}
