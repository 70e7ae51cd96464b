package io.tanja.lab.demo;

import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.ConnectionVerdict;
import io.tanja.lab.proof.Needle;
import io.tanja.lab.proof.Verdict;
import java.util.List;
import java.util.Locale;

/** What the packets of the seed document's requests must show, in the lab as on a cluster. */
public final class PacketChecks {
    /** Bytes that the requests and answers of the walk-through are known to have. */
    public static final List<Needle> KNOWN = List.of(
            new Needle("request: user agent", "User-Agent: Wget"),
            new Needle("request: host", "Host: webserver"),
            new Needle("answer: status", "HTTP/1.1 200 OK"),
            new Needle("answer: page", "Welcome to nginx!"),
            new Needle("answer: date of the page", "Last-Modified: "));

    private PacketChecks() {}

    /** Whether every connection was the mesh's TLS 1.3, and not a byte of payload was in clear. */
    public static boolean allMeshTls(CaptureReport packets) {
        return packets.allEncrypted()
                && packets.connections().stream().allMatch(PacketChecks::isMeshTls)
                && packets.bytes().plaintext() == 0;
    }

    static boolean isMeshTls(ConnectionVerdict c) {
        return c.serverHello() != null
                && c.serverHello().version().equals("TLSv1.3")
                && c.clientHello() != null
                && c.clientHello().alpn().stream().anyMatch(name -> name.startsWith("istio"));
    }

    /** Whether everything was in clear, every known byte included. */
    public static boolean allInClear(CaptureReport packets) {
        return packets.count(Verdict.PLAINTEXT) == packets.connections().size() && found(packets) == KNOWN.size();
    }

    /** What the first server answered, as far as it was in clear, in lower case. */
    public static String answer(CaptureReport packets) {
        return packets.connections().isEmpty()
                ? ""
                : packets.connections().getFirst().serverExcerpt().latin1().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether an answer has the headers that the seed document shows.
     *
     * @param answer as {@link #answer} gives it
     * @param service the service's name and namespace
     */
    public static boolean seedHeaders(String answer, String service) {
        return answer.contains("server: istio-envoy\r\n")
                && answer.contains("x-envoy-upstream-service-time: ")
                && answer.contains("x-envoy-decorator-operation: " + service + ".svc.cluster.local:80/*\r\n");
    }

    /** The verdicts in one line. */
    public static String summary(CaptureReport packets) {
        return packets.connections().size() + " connection(s): " + packets.count(Verdict.ENCRYPTED) + " encrypted, "
                + packets.count(Verdict.PLAINTEXT) + " plaintext, "
                + (packets.count(Verdict.OPAQUE) + packets.count(Verdict.INCOMPLETE)) + " opaque or incomplete; bytes "
                + packets.bytes().encrypted() + " encrypted, "
                + packets.bytes().plaintext() + " plaintext, " + packets.bytes().opaque()
                + " opaque; known bytes found: " + found(packets) + " of " + KNOWN.size();
    }

    private static long found(CaptureReport packets) {
        return packets.connections().stream()
                .flatMap(c -> c.found().stream())
                .distinct()
                .count();
    }
}
