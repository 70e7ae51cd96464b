package io.tanja.proxy.app;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.tanja.model.identity.Quote;
import io.tanja.proxy.admin.Request;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP probe. It follows redirects as the kubelet does ({@code pkg/probe/http/http.go} of Kubernetes): ten at most, and
 * only to the pod itself; one that leads elsewhere is good, and nobody is called for it. One writer: the event loop.
 */
final class HttpProbe implements HttpCall.Listener {
    private static final int MAX_BODY = 10 * 1024;
    private static final int MAX_REDIRECTS = 10;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** Fields that speak of the kubelet's connection, and not of its request (RFC 9110, section 7.6.1). */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "expect",
            "accept-encoding");

    private final AppClient client;
    private final AppProbe.HttpGet probe;
    private final Request asked;
    private final Set<Integer> ownPorts;
    private final LongSupplier nanoTime;
    private final Outcome outcome;
    private final long deadlineNanos;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String target;
    private boolean tls;
    private int port;
    private String host;
    private int redirects;
    private int status;
    private @Nullable HttpCall call;

    /** How a probe ends; told once. */
    interface Outcome {
        /** The application has answered. */
        void answered(int status, byte[] body);

        /** It has not; one clause says why. */
        void failed(String why);
    }

    /**
     * Makes a probe.
     *
     * @param asked the kubelet's request
     * @param servedAt the port that it came to
     * @param ownPorts ports of the proxy itself, which no redirect may lead to
     */
    HttpProbe(
            AppClient client,
            AppProbe.HttpGet probe,
            Request asked,
            int servedAt,
            Set<Integer> ownPorts,
            LongSupplier nanoTime,
            Outcome outcome) {
        this.client = client;
        this.probe = probe;
        this.asked = asked;
        this.ownPorts = ownPorts;
        this.nanoTime = nanoTime;
        this.outcome = outcome;
        deadlineNanos = nanoTime.getAsLong() + probe.timeout().toNanos();
        target = probe.target();
        tls = probe.tls();
        port = probe.port();
        host = host(servedAt);
    }

    /** The kubelet's Host, with the application's port where it has ours. */
    private String host(int servedAt) {
        for (AppProbe.Field field : probe.headers()) {
            if (field.name().equalsIgnoreCase("host")) {
                return field.value();
            }
        }
        String given = asked.first("host");
        if (given == null || given.isEmpty()) {
            return AppAddress.text(client.address().pod(), port);
        }
        String ours = ":" + servedAt;
        return given.endsWith(ours) ? given.substring(0, given.length() - ours.length()) + ":" + port : given;
    }

    void start() {
        long left = deadlineNanos - nanoTime.getAsLong();
        if (left <= 0) {
            outcome.failed("no whole answer in time");
            return;
        }
        // A millisecond at least, for a time-out of 0 would be none.
        Duration timeout = Duration.ofNanos(Math.max(left, 1_000_000));
        call = client.ask(port, tls, request(), timeout, this);
    }

    private HttpRequest request() {
        HttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        request.headers().set(HttpHeaderNames.HOST, host);
        request.headers().set(HttpHeaderNames.CONNECTION, "close");
        for (Request.Field field : asked.fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!name.equals("host") && !NOT_PASSED_ON.contains(name)) {
                request.headers().add(field.name(), field.value());
            }
        }
        for (AppProbe.Field field : probe.headers()) {
            if (!field.name().equalsIgnoreCase("host")) {
                request.headers().set(field.name(), field.value());
            }
        }
        return request;
    }

    @Override
    public void began(HttpResponse head) {
        status = head.status().code();
        String location = head.headers().get(HttpHeaderNames.LOCATION);
        if (REDIRECTS.contains(status) && location != null && !location.isEmpty()) {
            cancel();
            redirect(location);
        }
    }

    private void redirect(String location) {
        URI to;
        boolean relative;
        try {
            URI given = URI.create(location);
            relative = !given.isAbsolute();
            String scheme = tls ? "https://" : "http://";
            to = URI.create(scheme + AppAddress.text(client.address().pod(), port) + target)
                    .resolve(given);
        } catch (IllegalArgumentException e) {
            outcome.failed("it redirects to " + Quote.printable(location) + ", which is no URL");
            return;
        }
        if (!String.valueOf(to.getHost())
                .equals(URI.create("http://" + AppAddress.text(client.address().pod(), 1))
                        .getHost())) {
            outcome.answered(200, new byte[0]);
            return;
        }
        tls = "https".equalsIgnoreCase(to.getScheme());
        port = to.getPort() > 0 ? to.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        if (++redirects > MAX_REDIRECTS) {
            outcome.failed("it redirected more than " + MAX_REDIRECTS + " times");
        } else if (!tls && !"http".equalsIgnoreCase(to.getScheme()) || ownPorts.contains(port)) {
            outcome.failed("it redirects to " + Quote.printable(location) + ", which is not the application's");
        } else {
            String path = to.getRawPath();
            String query = to.getRawQuery();
            target = AppProbes.encode(
                    (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query));
            if (!relative) {
                host = to.getRawAuthority();
            }
            start();
        }
    }

    @Override
    public void received(ByteBuf piece) {
        byte[] bytes = new byte[Math.min(piece.readableBytes(), MAX_BODY - body.size())];
        piece.readBytes(bytes);
        body.writeBytes(bytes);
        if (body.size() == MAX_BODY) {
            cancel();
            ended();
        }
    }

    @Override
    public void ended() {
        // A redirect that is passed on would be followed by the kubelet; one that leads nowhere is good.
        boolean redirect = status >= 300 && status < 400;
        outcome.answered(redirect ? 200 : status, body.toByteArray());
    }

    @Override
    public void failed(String why) {
        outcome.failed(why);
    }

    private void cancel() {
        HttpCall current = call;
        if (current != null) {
            current.cancel();
        }
    }
}
