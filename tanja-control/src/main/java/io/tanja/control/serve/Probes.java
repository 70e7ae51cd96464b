package io.tanja.control.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Answers the kubelet's probes over plain HTTP, {@code /livez} and {@code /readyz}. There is nothing to learn here but the
 * status: an answer has no body, and any other path is 404.
 */
public final class Probes implements AutoCloseable {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;
    private static final int NO_BODY = -1;

    private final HttpServer server;

    private Probes(HttpServer server) {
        this.server = server;
    }

    /**
     * Opens the port.
     *
     * @param ready whether proxies may be sent here
     * @param executor runs the answers
     * @throws IOException if the port cannot be opened
     */
    public static Probes start(InetSocketAddress listen, BooleanSupplier ready, Executor executor) throws IOException {
        HttpLimits.set();
        HttpServer server = HttpServer.create(listen, 0);
        server.setExecutor(executor);
        server.createContext("/", exchange -> answer(exchange, ready));
        server.start();
        return new Probes(server);
    }

    private static void answer(HttpExchange exchange, BooleanSupplier ready) throws IOException {
        try (exchange) {
            int status = switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> OK;
                case "/readyz" -> ready.getAsBoolean() ? OK : UNAVAILABLE;
                default -> NOT_FOUND;
            };
            exchange.sendResponseHeaders(status, NO_BODY);
        }
    }

    /** The port that was opened. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
