package io.tanja.proxy;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tanja.pki.renewal.RenewalSchedule;
import io.tanja.proxy.config.SubscribedMeshView;
import io.tanja.proxy.identity.IdentityKeeper;
import io.tanja.proxy.launch.ControlPlaneRoots;
import io.tanja.proxy.launch.ProxyOptions;
import io.tanja.proxy.launch.TokenFile;
import io.tanja.proxy.upstream.SocketMark;
import io.tanja.xds.ads.client.AdsClient;
import io.tanja.xds.ads.client.AdsSettings;
import io.tanja.xds.ads.client.Backoff;
import io.tanja.xds.ca.CaClient;
import io.tanja.xds.grpc.GrpcConnector;
import io.tanja.xds.grpc.GrpcSettings;
import io.tanja.xds.grpc.GrpcTarget;
import io.tanja.xds.grpc.HostResolver;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * All that the proxy keeps with the control plane, on one event loop that carries no traffic: its configuration, its view
 * of the mesh and its identity.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the loop's end
final class ControlSide implements AutoCloseable {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);

    private final EventLoopGroup group;
    private final AdsClient ads;
    private final SubscribedMeshView view;
    private final IdentityKeeper identity;

    ControlSide(ProxyOptions options, InstantSource clock) {
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("control", true), EpollIoHandler.newFactory());
        EventLoop loop = group.next();
        SecureRandom random = new SecureRandom();
        GrpcConnector connector = new GrpcConnector(
                loop,
                new SocketMark(options.socketMark())::open,
                new GrpcTarget(options.controlHost(), options.controlPort(), options.controlName()),
                new ControlPlaneRoots(options.rootCert(), options.openSsl() ? SslProvider.OPENSSL : SslProvider.JDK),
                HostResolver.SYSTEM,
                GrpcSettings.DEFAULT);
        TokenFile token = new TokenFile(options.token());
        ads = new AdsClient(connector, introduction(options), token, Backoff.standard(random), clock);
        view = new SubscribedMeshView(
                loop, ads, options.uid(), SubscribedMeshView.MAX_ADDRESSES, SubscribedMeshView.PATIENCE);
        CaClient ca = new CaClient(connector, token, options.cluster(), CALL_TIMEOUT);
        identity = new IdentityKeeper(
                options.identity(),
                options.certificateTtl(),
                RenewalSchedule.HALF_LIFE,
                ca::createCertificate,
                new NettyControlLoop(loop),
                task -> Thread.ofVirtual().name("identity").start(task),
                clock,
                random,
                random);
    }

    private static AdsSettings introduction(ProxyOptions options) {
        String namespace = options.identity().namespace();
        Map<String, String> metadata = new HashMap<>();
        metadata.put("NAME", options.pod());
        metadata.put("NAMESPACE", namespace);
        metadata.put("SERVICE_ACCOUNT", options.identity().serviceAccount());
        metadata.put("CLUSTER_ID", options.cluster());
        metadata.put("INSTANCE_IPS", options.podIp());
        String node = "sidecar~" + options.podIp() + "~" + options.pod() + "." + namespace + "~" + namespace
                + ".svc.cluster.local";
        return new AdsSettings(node, options.cluster(), metadata, FIRST_ANSWER);
    }

    /** Begins to ask for identity and configuration, side by side. */
    void start() {
        identity.start();
        ads.start();
    }

    EventLoopGroup group() {
        return group;
    }

    SubscribedMeshView view() {
        return view;
    }

    IdentityKeeper identity() {
        return identity;
    }

    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        ads.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
