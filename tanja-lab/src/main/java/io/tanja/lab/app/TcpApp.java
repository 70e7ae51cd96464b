package io.tanja.lab.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Speaks a protocol that nobody recognises: the server sends back what it gets, the client sends and checks. */
public final class TcpApp {
    private static final int TIMEOUT_MILLIS = 10_000;

    private TcpApp() {}

    /**
     * With {@code serve PORT}: answers until the process is ended. With {@code call ADDRESS PORT TEXT}: sends the text,
     * ends its side, prints what came back until the other side ends; exit code 1 if that is not the text.
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 2 && args[0].equals("serve")) {
            serve(Integer.parseInt(args[1]));
        } else if (args.length == 4 && args[0].equals("call")) {
            System.exit(call(args[1], Integer.parseInt(args[2]), args[3]) ? 0 : 1);
        } else {
            throw new IllegalArgumentException("usage: TcpApp serve PORT | call ADDRESS PORT TEXT");
        }
    }

    private static void serve(int port) throws IOException {
        try (ServerSocket server = new ServerSocket(port)) {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream()) {
            in.transferTo(socket.getOutputStream());
        } catch (IOException e) {
            System.err.println("connection broke: " + e.getMessage());
        }
    }

    private static boolean call(String address, int port, String text) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.println(answer);
            return answer.equals(text);
        }
    }
}
