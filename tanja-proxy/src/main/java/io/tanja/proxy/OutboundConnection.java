package io.tanja.proxy;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.config.Lookup;
import io.tanja.proxy.detect.Detected;
import io.tanja.proxy.detect.HoldHandler;
import io.tanja.proxy.detect.Question;
import io.tanja.proxy.http.HeaderRules;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.route.OutboundPlan;
import io.tanja.proxy.route.OutboundPlan.Go;
import io.tanja.proxy.route.OutboundPlan.Refuse;
import io.tanja.proxy.route.OutboundTable;
import io.tanja.proxy.route.RequestSpread;
import io.tanja.proxy.upstream.Connector.ConnectedChannel;
import io.tanja.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** One connection of the application to somewhere: look up, detect if need be, choose, connect, relay. */
final class OutboundConnection extends CapturedConnection {
    private final Set<Upstream> tried = new HashSet<>();
    private boolean waited;

    OutboundConnection(DataPath path, Channel channel, ConnectionRecord record, InetSocketAddress destination) {
        super(path, channel, record, destination);
    }

    void start() {
        path.live().add(channel, () -> {});
        HoldHandler hold = hold();
        Lookup known = path.view().known(destination.getAddress());
        if (known != null) {
            found(known, hold);
        } else {
            path.view()
                    .resolve(destination.getAddress(), channel.eventLoop())
                    .addListener((Future<Lookup> f) -> found(f.getNow(), hold));
        }
    }

    private void found(Lookup lookup, HoldHandler hold) {
        if (!channel.isActive()) {
            return;
        }
        OutboundPlan plan =
                OutboundTable.plan(lookup, destination, path.view().self().outbound());
        switch (plan) {
            case Refuse refuse
            when refuse.refusal() == Refusal.NO_READY_ENDPOINT && !waited -> {
                waited = true;
                path.view()
                        .awaitEndpoint(destination.getAddress(), channel.eventLoop())
                        .addListener((Future<Lookup> f) -> found(f.getNow(), hold));
            }
            case Refuse refuse -> decline(lookup, refuse, hold);
            case Go go -> {
                record.serviceHost = go.serviceHost();
                record.cluster = go.endpoints().getFirst().tcp().cluster();
                follow(lookup, go, hold);
            }
        }
    }

    private void follow(Lookup lookup, Go go, HoldHandler hold) {
        ifHttp(go.protocol(), hold, detected -> serve(lookup, go, detected), detected -> bytes(go, detected));
    }

    /** A caller that speaks HTTP is told the cause; any other can only be cut off. */
    private void decline(Lookup lookup, Refuse refuse, HoldHandler hold) {
        ifHttp(
                refuse.protocol(),
                hold,
                detected -> serve(lookup, refuse, detected),
                detected -> refuse(refuse.refusal(), refuse.detail()));
    }

    private void serve(Lookup lookup, OutboundPlan plan, HoldHandler detected) {
        RequestSpread route = new RequestSpread(path.view(), path.balancing(), destination, lookup, plan);
        serve(route, HeaderRules.outbound(), detected);
    }

    private void ifHttp(
            AppProtocol protocol, HoldHandler hold, Consumer<HoldHandler> http, Consumer<HoldHandler> other) {
        if (protocol.isOpaque()) {
            other.accept(hold);
            return;
        }
        Question question = new Question(false, true, protocol == AppProtocol.AUTO);
        detect(question, (found, detected) -> {
            boolean speaksHttp =
                    found instanceof Detected.Http1 || protocol.isHttp() && found instanceof Detected.Opaque;
            (speaksHttp ? http : other).accept(detected);
        });
        hold.proceed();
    }

    private void bytes(Go go, HoldHandler hold) {
        record.protocol = "tcp";
        Upstream upstream = path.balancing().choose(go.endpoints(), tried).tcp();
        record.peer = upstream.workload();
        tried.add(upstream);
        path.connector()
                .connect(channel.eventLoop(), upstream)
                .addListener((Future<ConnectedChannel> f) -> connected(go, hold, upstream, f));
    }

    private void connected(Go go, HoldHandler hold, Upstream upstream, Future<ConnectedChannel> f) {
        int attempts =
                Math.min(path.settings().connectAttempts(), go.endpoints().size());
        if (f.isSuccess()) {
            relay(upstream, f.getNow(), hold);
        } else if (channel.isActive() && tried.size() < attempts) {
            bytes(go, hold);
        } else {
            refuse(f.cause());
        }
    }
}
