package io.tanja.proxy.app;

import io.netty.channel.ChannelFuture;
import io.tanja.proxy.admin.Page;
import io.tanja.proxy.admin.Reply;
import io.tanja.proxy.admin.Request;
import io.tanja.proxy.admin.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One probe of the application at the path that the kubelet asks now. The application's status is passed on, and the first
 * 10 KiB of its answer; what fails before there is a status is 500, with the reason in the body and, when it changes, in
 * the log. One writer: the admin server's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Both ends of a future are listened to.
public final class ProbeResource implements Resource {
    private static final Logger log = LoggerFactory.getLogger(ProbeResource.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final AppProbe probe;
    private final AppClient client;
    private final Set<Integer> ownPorts;
    private @Nullable String lastFailure;

    /**
     * Makes a resource.
     *
     * @param client of the admin server's event loop
     * @param ownPorts the proxy's own ports, which no redirect may lead to
     */
    public ProbeResource(AppProbe probe, AppClient client, Set<Integer> ownPorts) {
        this.probe = probe;
        this.client = client;
        this.ownPorts = Set.copyOf(ownPorts);
    }

    @Override
    public void answer(Request request, Reply reply) {
        switch (probe) {
            case AppProbe.HttpGet get -> http(get, request, reply);
            case AppProbe.TcpSocket tcp ->
                client.connect(tcp.port(), tcp.timeout()).addListener((ChannelFuture f) -> {
                    f.channel().close();
                    tell(request, reply, f.isSuccess() ? null : AppClient.reason(f.cause()));
                });
            case AppProbe.Grpc grpc ->
                GrpcProbe.ask(client, grpc, request.first("user-agent"), why -> tell(request, reply, why));
        }
    }

    private void http(AppProbe.HttpGet get, Request request, Reply reply) {
        HttpProbe.Outcome outcome = new HttpProbe.Outcome() {
            @Override
            public void answered(int status, byte[] body) {
                note(request, status < 400 ? null : "it answered " + status);
                reply.send(new Page.Answer(status, TEXT, body));
            }

            @Override
            public void failed(String why) {
                tell(request, reply, why);
            }
        };
        new HttpProbe(client, get, request, reply.port(), ownPorts, System::nanoTime, outcome).start();
    }

    private void tell(Request request, Reply reply, @Nullable String failure) {
        note(request, failure);
        String text = failure == null ? "ok\n" : probe.describe() + " failed: " + failure + "\n";
        reply.send(new Page.Answer(failure == null ? 200 : 500, TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    private void note(Request request, @Nullable String failure) {
        if (failure != null && !failure.equals(lastFailure)) {
            log.warn("{}: {} failed: {}", request.path(), probe.describe(), failure);
        } else if (failure == null && lastFailure != null) {
            log.info("{}: {} is good again", request.path(), probe.describe());
        }
        lastFailure = failure;
    }
}
