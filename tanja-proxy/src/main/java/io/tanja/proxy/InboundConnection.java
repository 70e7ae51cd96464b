package io.tanja.proxy;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.tanja.model.authz.ConnectionAttributes;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.mesh.Workload;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import io.tanja.pki.pem.Certificates;
import io.tanja.proxy.authz.ConnectionVerdict;
import io.tanja.proxy.authz.RequestGate;
import io.tanja.proxy.detect.Detected;
import io.tanja.proxy.detect.HoldHandler;
import io.tanja.proxy.detect.Question;
import io.tanja.proxy.http.HeaderRules;
import io.tanja.proxy.http.PeerInfo;
import io.tanja.proxy.http.ServedConnection;
import io.tanja.proxy.identity.IdentitySnapshot;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.route.InboundDecision;
import io.tanja.proxy.route.InboundTable;
import io.tanja.proxy.tls.PeerCheck;
import io.tanja.proxy.tls.TlsEnd;
import io.tanja.proxy.tls.TlsFailure;
import io.tanja.proxy.upstream.ConnectException;
import io.tanja.proxy.upstream.Connector.ConnectedChannel;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamSecurity;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the application: detect, decide, end TLS, authorize, connect, relay.
 *
 * <p>A change of policy ends connections that it forbids. Opaque bytes are cut off at once. Where requests are served, or
 * may yet come, the caller is told instead: for {@link ProxySettings#grace} the next request, and one on its way, is answered
 * 403 with {@code connection: close}, while a request that was let through before may go on; then the connection is closed
 * in order if nothing is under way on it, and reset in the middle of a response. Envoy lets such a response go on for ever.
 * Plaintext on a port that has become STRICT is cut off at once in any case: not even an answer leaves in clear.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
final class InboundConnection extends CapturedConnection {
    private static final InetAddress SOURCE_V4 = address(127, 0, 0, 6);
    private static final InetAddress SOURCE_V6 = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6);
    private static final Question IS_IT_HTTP2 = new Question(false, true, false);

    /**
     * What the server end selects from, as Istio's servers, but with HTTP/1.1 first: HTTP/2 is not read yet. Never one of
     * the mesh's own names.
     */
    private static final List<String> SERVER_ALPN = List.of("http/1.1", "h2");

    private @Nullable PeerCheck check;
    private @Nullable ServedConnection served;
    private int servicePort;
    private boolean opaque;
    private boolean ending;

    InboundConnection(DataPath path, Channel channel, ConnectionRecord record, InetSocketAddress destination) {
        super(path, channel, record, destination);
    }

    void start() {
        path.live().add(channel, this::recheck);
        ProxyConfig self = path.view().self();
        int port = destination.getPort();
        TlsMode mode = self.modes().of(port);
        AppProtocol declared = self.protocol(port);
        InboundPort service = self.port(port);
        if (service != null) {
            record.serviceHost = service.serviceHost();
            servicePort = service.servicePort();
        }
        record.cluster = "inbound|" + port + "||";
        Question question = InboundTable.question(mode, declared);
        if (!question.needsBytes()) {
            decided(InboundTable.decide(mode, declared, new Detected.Opaque()), hold());
            return;
        }
        detect(question, (found, hold) -> {
            if (found instanceof Detected.Tls tls) {
                record.sni = tls.sni();
            }
            decided(InboundTable.decide(mode, declared, found), hold);
        });
    }

    private void decided(InboundDecision decision, HoldHandler hold) {
        switch (decision) {
            case InboundDecision.TerminateMeshTls(boolean http) -> terminate(http, hold);
            case InboundDecision.PassOpaque(PlaintextReason why) ->
                bytes("tls", new TransportSecurity.Plaintext(why), hold);
            case InboundDecision.PlainTcp(PlaintextReason why) ->
                bytes("tcp", new TransportSecurity.Plaintext(why), hold);
            case InboundDecision.PlainHttp(PlaintextReason why) -> requests(new TransportSecurity.Plaintext(why), hold);
            case InboundDecision.Refuse(Refusal refusal, String detail) -> refuse(refusal, detail);
        }
    }

    private void terminate(boolean http, HoldHandler detected) {
        try {
            path.tls().with((identity, ends) -> {
                PeerCheck peer = path.judge().caller(identity);
                check = peer;
                TlsEnd end = ends.server(channel.alloc(), peer, SERVER_ALPN);
                handshake(identity, peer, end, http);
                return end;
            });
        } catch (ConnectException e) {
            refuse(e.refusal(), e.detail());
            return;
        }
        channel.config().setAutoRead(true);
        detected.proceed();
    }

    private void handshake(IdentitySnapshot identity, PeerCheck peer, TlsEnd end, boolean http) {
        Future<TlsEnd.Session> done = end.install(channel.pipeline());
        HoldHandler hold = http ? null : hold();
        if (http) {
            detect(IS_IT_HTTP2, this::inside);
        }
        done.addListener((Future<TlsEnd.Session> f) -> {
            SpiffeId id = peer.peer();
            if (!f.isSuccess() || id == null) {
                TlsFailure failure = peer.failure(f.cause());
                record.refuse(failure.refusal(), failure.detail());
                tellFate();
                return;
            }
            TlsEnd.Session session = f.getNow();
            record.downstream = new TransportSecurity.Mutual(
                    id, identity.id(), session.version(), session.cipher(), session.group());
            record.peer = caller(id);
            if (hold != null) {
                channel.config().setAutoRead(false);
                bytes("tcp", record.downstream, hold);
            }
        });
    }

    /** The caller's names, where its address and its certificate agree on who it is. */
    private @Nullable Workload caller(SpiffeId id) {
        Workload known = path.view().workload(record.source.getAddress());
        return known != null && known.identity().equals(id) ? known : null;
    }

    private void inside(Detected found, HoldHandler hold) {
        TransportSecurity security = record.downstream;
        if (security == null) {
            return;
        }
        if (found instanceof Detected.Http2) {
            bytes("tcp", security, hold);
        } else {
            requests(security, hold);
        }
    }

    private void requests(TransportSecurity security, HoldHandler hold) {
        record.downstream = security;
        RequestGate gate = new RequestGate(path.view(), attributes(security), application(destination));
        served = serve(gate, rules(security), hold);
    }

    private HeaderRules rules(TransportSecurity security) {
        String operation = record.serviceHost == null ? null : record.serviceHost + ":" + servicePort + "/*";
        PeerCheck peer = check;
        byte[] leaf = peer == null ? null : peer.leaf();
        if (security instanceof TransportSecurity.Mutual mutual && leaf != null) {
            PeerInfo info =
                    new PeerInfo(mutual.self(), mutual.peer(), HexFormat.of().formatHex(Certificates.sha256(leaf)), "");
            return HeaderRules.inboundFromMesh(info, operation);
        }
        return HeaderRules.inboundPlaintext(operation);
    }

    private void bytes(String protocol, TransportSecurity security, HoldHandler hold) {
        opaque = true;
        record.protocol = protocol;
        record.downstream = security;
        ConnectionVerdict verdict = verdict(security);
        Refusal refusal = verdict.refusal();
        if (refusal != null) {
            refuse(refusal, verdict.detail());
            return;
        }
        Upstream upstream = application(destination);
        path.connector().connect(channel.eventLoop(), upstream).addListener((Future<ConnectedChannel> f) -> {
            if (f.isSuccess()) {
                relay(upstream, f.getNow(), hold);
            } else {
                refuse(f.cause());
            }
        });
    }

    private ConnectionVerdict verdict(TransportSecurity security) {
        return ConnectionVerdict.of(
                path.view().self(), path.view().authorization(), attributes(security), security, !opaque);
    }

    private ConnectionAttributes attributes(TransportSecurity security) {
        return new ConnectionAttributes(
                security instanceof TransportSecurity.Mutual mutual ? mutual.peer() : null,
                record.source.getAddress(),
                destination.getAddress(),
                destination.getPort(),
                record.sni);
    }

    private void recheck() {
        TransportSecurity security = record.downstream;
        if (security == null) {
            return;
        }
        ConnectionVerdict verdict = verdict(security);
        Refusal refusal = verdict.refusal();
        if (refusal == Refusal.POLICY_DENIED && !opaque) {
            beginEnd(refusal, verdict.detail());
        } else if (refusal != null) {
            refuse(refusal, verdict.detail());
        }
    }

    private void beginEnd(Refusal refusal, String detail) {
        if (ending) {
            return;
        }
        ending = true;
        ServedConnection current = served;
        if (current != null) {
            current.retire(refusal, detail);
        }
        long nanos = path.settings().grace().toNanos();
        channel.eventLoop().schedule(this::end, nanos, TimeUnit.NANOSECONDS);
    }

    /** The grace is over; by now there may be another policy. */
    private void end() {
        ending = false;
        TransportSecurity security = record.downstream;
        if (security == null || !channel.isActive()) {
            return;
        }
        ConnectionVerdict verdict = verdict(security);
        Refusal refusal = verdict.refusal();
        ServedConnection current = served;
        if (refusal == Refusal.POLICY_DENIED && current != null) {
            record.refuse(refusal, verdict.detail());
            current.end(RequestGate.FORBIDDEN, RequestGate.DENIED, refusal, verdict.detail());
        } else if (refusal != null) {
            refuse(refusal, verdict.detail());
        }
    }

    private static Upstream application(InetSocketAddress destination) {
        InetAddress from = destination.getAddress() instanceof Inet4Address ? SOURCE_V4 : SOURCE_V6;
        return new Upstream(
                destination,
                from,
                new UpstreamSecurity.Plain(PlaintextReason.INSIDE_POD),
                null,
                "inbound|" + destination.getPort() + "||");
    }

    private static InetAddress address(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(raw);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }
}
