package io.tanja.proxy;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.proxy.config.Lookup;
import io.tanja.proxy.detect.DetectHandler;
import io.tanja.proxy.detect.Detected;
import io.tanja.proxy.detect.HoldHandler;
import io.tanja.proxy.detect.Question;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.route.OutboundPlan;
import io.tanja.proxy.route.OutboundPlan.Endpoint;
import io.tanja.proxy.route.OutboundPlan.Go;
import io.tanja.proxy.route.OutboundTable;
import io.tanja.proxy.upstream.Connector.ConnectedChannel;
import io.tanja.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection of the application to somewhere: look up, detect if need be, choose, connect, relay. */
final class OutboundConnection extends CapturedConnection {
    private final Set<Upstream> tried = new HashSet<>();
    private @Nullable HoldHandler hold;

    OutboundConnection(DataPath path, Channel channel, ConnectionRecord record, InetSocketAddress destination) {
        super(path, channel, record, destination);
    }

    void start() {
        path.live().add(channel, () -> {});
        Lookup known = path.view().known(destination.getAddress());
        if (known != null) {
            found(known);
        } else {
            path.view()
                    .resolve(destination.getAddress(), channel.eventLoop())
                    .addListener((Future<Lookup> f) -> found(f.getNow()));
        }
    }

    private void found(Lookup lookup) {
        if (!channel.isActive()) {
            return;
        }
        OutboundPlan plan =
                OutboundTable.plan(lookup, destination, path.view().self().outbound());
        switch (plan) {
            case OutboundPlan.Refuse(var refusal, String detail) -> refuse(refusal, detail);
            case Go go -> {
                record.serviceHost = go.serviceHost();
                follow(go);
            }
        }
    }

    private void follow(Go go) {
        if (go.protocol().isOpaque()) {
            bytes(go, "tcp");
            return;
        }
        Question question = new Question(false, true, go.protocol() == AppProtocol.AUTO);
        DetectHandler detect = new DetectHandler(question, path.timeouts(), found -> detected(go, found));
        hold = detect;
        channel.pipeline().addLast(detect);
        channel.config().setAutoRead(true);
    }

    private void detected(Go go, Detected found) {
        boolean http = found instanceof Detected.Http1 || go.protocol().isHttp() && found instanceof Detected.Opaque;
        if (http) {
            requests(go);
        } else {
            bytes(go, "tcp");
        }
    }

    private void requests(Go go) {
        bytes(go, "http/1.1");
    }

    private void bytes(Go go, String protocol) {
        record.protocol = protocol;
        Endpoint endpoint = path.balancing().choose(go.endpoints(), tried);
        Upstream upstream = endpoint.tcp();
        record.cluster = upstream.cluster();
        record.peer = upstream.workload();
        tried.add(upstream);
        path.connector()
                .connect(channel.eventLoop(), upstream)
                .addListener((Future<ConnectedChannel> f) -> connected(go, protocol, upstream, f));
    }

    private void connected(Go go, String protocol, Upstream upstream, Future<ConnectedChannel> f) {
        if (f.isSuccess()) {
            relay(upstream, f.getNow(), hold);
        } else if (channel.isActive()
                && tried.size()
                        < Math.min(
                                path.settings().connectAttempts(),
                                go.endpoints().size())) {
            bytes(go, protocol);
        } else {
            refuse(f.cause());
        }
    }
}
