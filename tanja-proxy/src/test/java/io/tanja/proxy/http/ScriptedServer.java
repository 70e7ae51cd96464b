package io.tanja.proxy.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that does byte by byte what a test tells it to, with one script for each connection. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final ConcurrentLinkedQueue<String> heads = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** What is done on one connection; it is closed afterwards. */
    interface Script {
        void run(Peer peer, int connection) throws IOException;
    }

    /** One connection as the script sees it. */
    final class Peer {
        final Socket socket;
        final InputStream in;
        final OutputStream out;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        /** Reads a head up to its empty line; empty at the end of the connection. */
        String head() throws IOException {
            String head = Wire.head(in);
            if (!head.isEmpty()) {
                heads.add(head);
            }
            return head;
        }

        void send(String latin) throws IOException {
            out.write(Octets.of(latin));
            out.flush();
        }

        /** Resets the connection. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        listener = new ServerSocket();
        listener.setReceiveBufferSize(64 * 1024);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers each request with 200 and a body of its own. */
    static ScriptedServer answering(String body) throws IOException {
        return new ScriptedServer((peer, connection) -> {
            for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                Wire.body(peer.in, head);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                int number = connections.getAndIncrement();
                Thread.ofVirtual().start(() -> serve(socket, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            socket.setSoTimeout(20_000);
            script.run(new Peer(socket), number);
        } catch (IOException e) {
            // The test has closed it, or the proxy has: what counts is what each side saw before.
            heads.remove("");
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
