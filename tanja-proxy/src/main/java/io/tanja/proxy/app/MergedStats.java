package io.tanja.proxy.app;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.tanja.model.identity.Quote;
import io.tanja.proxy.admin.Page;
import io.tanja.proxy.admin.Reply;
import io.tanja.proxy.admin.Request;
import io.tanja.proxy.admin.Resource;
import io.tanja.proxy.observe.Exposition;
import io.tanja.proxy.observe.MetricSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy's metrics, and behind them the application's, so that one scrape of a pod that is STRICT shows both. The
 * application is asked for Prometheus' text format, which ours is: two formats do not go on one page. Its answer passes
 * through piece by piece. If it cannot be had, the page has ours alone, and says so by a counter; if it breaks off, the page
 * does too. One writer: the admin server's event loop.
 */
public final class MergedStats implements Resource {
    private static final Logger log = LoggerFactory.getLogger(MergedStats.class);
    private static final String ACCEPT = "text/plain;version=0.0.4;q=1,*/*;q=0.1";
    private static final String TIMEOUT_FIELD = "x-prometheus-scrape-timeout-seconds";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final double MAX_TIMEOUT_SECONDS = 120;

    private final List<MetricSource> own;
    private final AppScrape scrape;
    private final AppClient client;
    private long failures;
    private @Nullable String lastFailure;

    /**
     * Makes the page.
     *
     * @param own the proxy's metrics, in this order
     * @param client of the admin server's event loop
     */
    public MergedStats(List<MetricSource> own, AppScrape scrape, AppClient client) {
        this.own = List.copyOf(own);
        this.scrape = scrape;
        this.client = client;
    }

    @Override
    public void answer(Request request, Reply reply) {
        HttpRequest question = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, scrape.target());
        question.headers()
                .set(HttpHeaderNames.HOST, AppAddress.text(client.address().loopback(), scrape.port()));
        question.headers().set(HttpHeaderNames.CONNECTION, "close");
        question.headers().set(HttpHeaderNames.ACCEPT, ACCEPT);
        for (String name : List.of("user-agent", TIMEOUT_FIELD)) {
            String value = request.first(name);
            if (value != null) {
                question.headers().set(name, value);
            }
        }
        Merge merge = new Merge(reply);
        HttpCall call = client.askLocally(scrape.port(), question, timeout(request.first(TIMEOUT_FIELD)), merge);
        merge.call = call;
        reply.onWritable(() -> call.reading(true));
        reply.onClosed(call::cancel);
    }

    /** Who scrapes says how long it waits. */
    static Duration timeout(@Nullable String seconds) {
        try {
            double given = seconds == null ? 0 : Double.parseDouble(seconds);
            if (given > 0) {
                return Duration.ofMillis((long) (Math.min(given, MAX_TIMEOUT_SECONDS) * 1000));
            }
        } catch (NumberFormatException e) {
            // As good as none.
        }
        return TIMEOUT;
    }

    private byte[] ownPage() {
        Exposition out = new Exposition();
        for (MetricSource source : own) {
            source.write(out);
        }
        out.single(
                "tanja_app_scrape_failures_total",
                Exposition.Type.COUNTER,
                "Scrapes of the application's own metrics that failed.",
                failures);
        return out.toByteArray();
    }

    private void note(@Nullable String failure) {
        if (failure != null) {
            failures++;
            if (!failure.equals(lastFailure)) {
                log.warn("the metrics of the application, {} on port {}: {}", scrape.target(), scrape.port(), failure);
            }
        }
        lastFailure = failure;
    }

    /** One answer. */
    private final class Merge implements HttpCall.Listener {
        private final Reply reply;
        private @Nullable HttpCall call;
        private boolean begun;

        Merge(Reply reply) {
            this.reply = reply;
        }

        @Override
        public void began(HttpResponse head) {
            String coding = head.headers().get(HttpHeaderNames.CONTENT_ENCODING);
            String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
            if (head.status().code() != 200) {
                giveUp("it answered " + head.status().code());
            } else if (coding != null) {
                giveUp("its content is coded, " + Quote.printable(coding) + ", which was not asked for");
            } else if (type.startsWith("application/")) {
                giveUp("its format is " + Quote.printable(type) + ", which was not asked for");
            } else {
                begun = true;
                reply.begin(200, Exposition.CONTENT_TYPE);
                reply.write(Unpooled.wrappedBuffer(ownPage()));
            }
        }

        private void giveUp(String why) {
            HttpCall current = call;
            if (current != null) {
                current.cancel();
            }
            failed(why);
        }

        @Override
        public void received(ByteBuf piece) {
            reply.write(piece.retain());
            HttpCall current = call;
            if (current != null && !reply.isWritable()) {
                current.reading(false);
            }
        }

        @Override
        public void ended() {
            note(null);
            reply.end();
        }

        @Override
        public void failed(String why) {
            note(why);
            if (begun) {
                reply.abort();
            } else {
                reply.send(new Page.Answer(200, Exposition.CONTENT_TYPE, ownPage()));
            }
        }
    }
}
