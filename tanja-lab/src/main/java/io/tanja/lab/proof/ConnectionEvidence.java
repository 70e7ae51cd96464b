package io.tanja.lab.proof;

import io.tanja.lab.pcap.TcpSegment;
import io.tanja.lab.proof.ConnectionVerdict.PayloadBytes;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects both directions of one connection and judges it. One user thread. */
final class ConnectionEvidence {
    private final InetSocketAddress client;
    private final InetSocketAddress server;
    private final long startNanos;
    private final DirectionEvidence fromClient;
    private final DirectionEvidence fromServer;

    ConnectionEvidence(InetSocketAddress client, InetSocketAddress server, long startNanos, List<Needle> needles) {
        this.client = client;
        this.server = server;
        this.startNanos = startNanos;
        fromClient = new DirectionEvidence(needles);
        fromServer = new DirectionEvidence(needles);
    }

    void segment(TcpSegment segment) {
        (segment.source().equals(client) ? fromClient : fromServer).segment(segment);
    }

    boolean closed() {
        return fromClient.rst() || fromServer.rst() || fromClient.fin() && fromServer.fin();
    }

    ConnectionVerdict judge() {
        fromClient.finish();
        fromServer.finish();
        Set<String> found = new LinkedHashSet<>(fromClient.found());
        found.addAll(fromServer.found());
        Judgement judgement = decide(found);
        return new ConnectionVerdict(
                client,
                server,
                startNanos,
                fromClient.begun(),
                judgement.verdict(),
                judgement.why(),
                fromClient.tls().clientHello(),
                fromServer.tls().serverHello(),
                bytes(fromClient).plus(bytes(fromServer)),
                fromClient.total(),
                fromServer.total(),
                Set.copyOf(found),
                fromClient.rst() || fromServer.rst(),
                fromClient.excerpt(),
                fromServer.excerpt());
    }

    private record Judgement(Verdict verdict, String why) {}

    private Judgement decide(Set<String> found) {
        if (fromClient.total() + fromServer.total() == 0) {
            return new Judgement(Verdict.EMPTY, "no payload");
        }
        if (!found.isEmpty()) {
            return new Judgement(Verdict.PLAINTEXT, "known bytes are on the wire: " + String.join(", ", found));
        }
        if (fromClient.readable() || fromServer.readable()) {
            return new Judgement(
                    Verdict.PLAINTEXT,
                    fromServer.total() == 0
                            ? "readable bytes from the client, none from the server"
                            : "readable bytes");
        }
        if (!fromClient.whole() || !fromServer.whole()) {
            return new Judgement(
                    Verdict.INCOMPLETE,
                    fromClient.begun()
                            ? "the capture lacks bytes of this connection"
                            : "it was open before the capture, which lacks its beginning");
        }
        TlsScanner c = fromClient.tls();
        TlsScanner s = fromServer.tls();
        boolean clientTls = c.isTls() && c.clientHello() != null;
        if (!clientTls || fromServer.total() > 0 && !s.isTls()) {
            return new Judgement(Verdict.OPAQUE, "the bytes are neither TLS from the first to the last nor readable");
        }
        ServerHello chosen = s.serverHello();
        if (chosen == null || c.applicationRecords() == 0 && c.encryptedBytes() == 0 || s.encryptedBytes() == 0) {
            int alert = Math.max(c.clearAlert(), s.clearAlert());
            return new Judgement(
                    Verdict.HANDSHAKE_FAILED,
                    "the TLS handshake did not finish" + (alert < 0 ? "" : ", alert " + alert));
        }
        if (!chosen.encrypts()) {
            return new Judgement(Verdict.PLAINTEXT, "the suite " + chosen.cipher() + " does not encrypt");
        }
        return new Judgement(
                Verdict.ENCRYPTED, chosen.version() + " with " + chosen.cipher() + " from first to last byte");
    }

    private static PayloadBytes bytes(DirectionEvidence direction) {
        TlsScanner tls = direction.tls();
        if (tls.isTls() && !direction.readable()) {
            return new PayloadBytes(tls.encryptedBytes(), tls.clearBytes(), 0, tls.notTlsBytes());
        }
        return direction.readable()
                ? new PayloadBytes(0, 0, direction.total(), 0)
                : new PayloadBytes(0, 0, 0, direction.total());
    }
}
