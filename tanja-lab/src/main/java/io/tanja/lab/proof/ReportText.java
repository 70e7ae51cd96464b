package io.tanja.lab.proof;

import io.tanja.lab.proof.ConnectionVerdict.PayloadBytes;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Shows a report to people. */
public final class ReportText {
    private final Function<InetSocketAddress, String> names;

    /** Makes one that shows addresses by {@code names}. */
    public ReportText(Function<InetSocketAddress, String> names) {
        this.names = names;
    }

    /** One that shows addresses as they are. */
    public static ReportText plain() {
        return new ReportText(a -> a.getAddress().getHostAddress() + ":" + a.getPort());
    }

    /** One line per connection and one of sums. */
    public List<String> lines(CaptureReport report) {
        List<String> lines = new ArrayList<>();
        for (ConnectionVerdict c : report.connections()) {
            lines.add(line(c));
        }
        PayloadBytes bytes = report.bytes();
        lines.add(report.connections().size() + " connections, payload bytes: " + bytes.encrypted() + " encrypted, "
                + bytes.tlsClear() + " TLS handshake, " + bytes.plaintext() + " plaintext, " + bytes.opaque()
                + " opaque");
        long older = report.connections().stream()
                .filter(c -> c.verdict() == Verdict.INCOMPLETE && !c.begun())
                .count();
        if (older > 0) {
            lines.add("not judged: " + older + " connections that were open before the capture; capture first and send"
                    + " then, or restart the client meanwhile");
        }
        for (Map.Entry<?, Long> skipped : report.skipped().entrySet()) {
            lines.add("not judged: " + skipped.getValue() + " frames " + skipped.getKey());
        }
        if (report.cutOff()) {
            lines.add("the capture file ends in the middle of a packet");
        }
        return lines;
    }

    /** One connection in one line. */
    public String line(ConnectionVerdict c) {
        StringBuilder line = new StringBuilder()
                .append(names.apply(c.client()))
                .append(" -> ")
                .append(names.apply(c.server()))
                .append("  ")
                .append(c.verdict());
        ServerHello server = c.serverHello();
        if (server != null) {
            line.append("  ").append(server.version()).append(' ').append(server.cipher());
            if (server.group() != null) {
                line.append(' ').append(server.group());
            }
        }
        ClientHello client = c.clientHello();
        if (client != null) {
            line.append("  ALPN offered ").append(String.join(",", client.alpn()));
            if (client.sni() != null) {
                line.append("  SNI ").append(client.sni());
            }
        }
        line.append("  ")
                .append(c.clientBytes())
                .append(" bytes out, ")
                .append(c.serverBytes())
                .append(" back");
        return line.append(": ").append(c.why()).toString();
    }

    /** The same for programs: plain data that any JSON writer takes. */
    public List<Map<String, Object>> data(CaptureReport report) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ConnectionVerdict c : report.connections()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("client", names.apply(c.client()));
            row.put("server", names.apply(c.server()));
            row.put("verdict", c.verdict().name());
            row.put("why", c.why());
            ServerHello server = c.serverHello();
            if (server != null) {
                row.put("version", server.version());
                row.put("cipher", server.cipher());
                row.put("group", server.group() == null ? "" : server.group());
            }
            ClientHello client = c.clientHello();
            if (client != null) {
                row.put("alpnOffered", client.alpn());
                row.put("sni", client.sni() == null ? "" : client.sni());
                row.put("groupsOffered", client.groups());
                row.put("ciphersOffered", client.ciphers());
            }
            row.put("clientBytes", c.clientBytes());
            row.put("serverBytes", c.serverBytes());
            row.put("encryptedBytes", c.bytes().encrypted());
            row.put("plaintextBytes", c.bytes().plaintext());
            row.put("opaqueBytes", c.bytes().opaque());
            row.put("found", List.copyOf(c.found()));
            rows.add(row);
        }
        return rows;
    }
}
