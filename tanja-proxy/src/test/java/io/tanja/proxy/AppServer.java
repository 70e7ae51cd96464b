package io.tanja.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An application for a test: one virtual thread for each connection. */
final class AppServer implements AutoCloseable {
    /** What it does with a connection. */
    interface Behaviour {
        void serve(Socket socket) throws IOException;
    }

    /** Sends back all it gets, then ends its side. */
    static final Behaviour ECHO = socket -> {
        socket.getInputStream().transferTo(socket.getOutputStream());
        socket.shutdownOutput();
    };

    final AtomicInteger accepted = new AtomicInteger();
    final List<InetAddress> sources = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;

    AppServer(Behaviour behaviour) {
        this("127.0.0.1", behaviour);
    }

    AppServer(String address, Behaviour behaviour) {
        try {
            server = new ServerSocket(0, 4096, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(() -> accept(behaviour));
    }

    private void accept(Behaviour behaviour) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                sources.add(socket.getInetAddress());
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(behaviour, socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Behaviour behaviour, Socket socket) {
        try (socket) {
            behaviour.serve(socket);
        } catch (IOException e) {
            // The caller broke off: its test sees that from its own end.
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
