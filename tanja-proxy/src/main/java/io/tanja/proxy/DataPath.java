package io.tanja.proxy;

import io.netty.util.concurrent.EventExecutor;
import io.tanja.proxy.authz.LiveConnections;
import io.tanja.proxy.config.MeshView;
import io.tanja.proxy.detect.DetectHandler;
import io.tanja.proxy.http.Http1Proxy;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.Direction;
import io.tanja.proxy.observe.Observer;
import io.tanja.proxy.route.RoundRobin;
import io.tanja.proxy.tls.IdentityTls;
import io.tanja.proxy.tls.PeerJudge;
import io.tanja.proxy.upstream.Connector;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What every connection needs from the outside; made once by {@link ProxyServer}. */
record DataPath(
        ProxySettings settings,
        MeshView view,
        IdentityTls tls,
        PeerJudge judge,
        Connector connector,
        RoundRobin balancing,
        Observer observer,
        LiveConnections live,
        Map<EventExecutor, Http1Proxy> http,
        InstantSource time,
        AtomicLong ids) {
    /** The HTTP proxy of an event loop. */
    Http1Proxy http(EventExecutor loop) {
        Http1Proxy proxy = http.get(loop);
        if (proxy == null) {
            throw new IllegalStateException("a connection on a foreign event loop");
        }
        return proxy;
    }

    ConnectionRecord newRecord(Direction direction, InetSocketAddress source) {
        return new ConnectionRecord(ids.incrementAndGet(), direction, source, time.millis(), System.nanoTime());
    }

    DetectHandler.Timeouts timeouts() {
        return new DetectHandler.Timeouts(settings.detection(), settings.handshake(), settings.idle());
    }
}
