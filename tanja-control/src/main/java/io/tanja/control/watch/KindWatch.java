package io.tanja.control.watch;

import io.tanja.control.watch.WatchStream.Signal;
import io.tanja.xds.ads.client.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link WatchSink} up to date with one kind. Its own thread does everything.
 *
 * <p>A list is followed by watches, each from the version where the one before ended. Whatever may have been missed (the
 * version is too old, an event makes no sense) leads to a new list. A connection over which nothing comes counts as broken:
 * the API server sends a bookmark about every minute. The client library's informers would wait for up to twelve minutes.
 */
public final class KindWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KindWatch.class);
    /** A bookmark is due every 60 s. */
    static final Duration SILENCE = Duration.ofSeconds(100);
    /** How often it is looked whether a missing kind was installed. */
    private static final Duration ABSENT_RETRY = Duration.ofSeconds(2);

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    /**
     * How many watches in a row may bring nothing, refused ones included, before a list is asked for again: a server that
     * was restored from a backup refuses our version for ever, and some proxies just end a watch whose version expired.
     */
    private static final int MAX_FRUITLESS = 3;

    private final WatchedKind kind;
    private final ApiServer api;
    private final WatchSink sink;
    private final Backoff backoff;
    private final Duration silence;
    private final Thread thread;
    private int version;
    private String resume = "";
    private int fruitless;

    /**
     * Makes a watch that does nothing before {@link #start}.
     *
     * @param random for the waits after failures
     * @param threads makes the one thread; a virtual one is meant
     */
    public KindWatch(WatchedKind kind, ApiServer api, WatchSink sink, RandomGenerator random, ThreadFactory threads) {
        this(kind, api, sink, new Backoff(FIRST_WAIT, LONGEST_WAIT, random), SILENCE, threads);
    }

    KindWatch(
            WatchedKind kind, ApiServer api, WatchSink sink, Backoff backoff, Duration silence, ThreadFactory threads) {
        this.kind = kind;
        this.api = api;
        this.sink = sink;
        this.backoff = backoff;
        this.silence = silence;
        this.thread = threads.newThread(this::run);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    list();
                    follow();
                } catch (ApiFailure e) {
                    wait(e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("watch ends resource={}", kind.resource());
        }
    }

    private void wait(ApiFailure failure) throws InterruptedException {
        if (failure.absent() && !kind.builtIn()) {
            version = (version + 1) % kind.apiVersions().size();
            if (version == 0) {
                sink.absent();
                pause(ABSENT_RETRY);
            }
            return;
        }
        sink.failing(failure.why());
        pause(backoff.next());
    }

    private void list() throws ApiFailure, InterruptedException {
        String apiVersion = kind.apiVersions().get(version);
        sink.listing();
        Page page = api.list(kind, apiVersion, "");
        page.items().forEach(sink::listed);
        while (!page.next().isEmpty()) {
            page = api.list(kind, apiVersion, page.next());
            page.items().forEach(sink::listed);
        }
        resume = page.resourceVersion();
        fruitless = 0;
        sink.listEnds(apiVersion);
    }

    /** Returns when a new list is needed. */
    private void follow() throws InterruptedException {
        while (fruitless < MAX_FRUITLESS) {
            try (WatchStream stream = api.watch(kind, kind.apiVersions().get(version), resume)) {
                sink.following();
                read(stream);
            } catch (ApiFailure e) {
                if (e.expired() || e.absent()) {
                    LOG.debug("listed anew resource={} reason=\"{}\"", kind.resource(), e.why());
                    return;
                }
                fruitless += e.answered() ? 1 : 0;
                sink.failing(e.why());
                pause(backoff.next());
            }
        }
    }

    private void read(WatchStream stream) throws ApiFailure, InterruptedException {
        boolean empty = true;
        while (true) {
            switch (stream.next(silence)) {
                case Signal.Line(String json) -> {
                    empty = false;
                    fruitless = 0;
                    take(Json.object(json));
                    sink.following();
                    backoff.reset();
                }
                case Signal.Ended() -> {
                    if (empty) {
                        fruitless++;
                        pause(backoff.next());
                    }
                    return;
                }
                case Signal.Broken(String why) -> throw new ApiFailure(0, why);
                case Signal.Silence() ->
                    throw new ApiFailure(0, "nothing came for " + silence.toSeconds() + " s, not even a bookmark");
                case Signal.ChunkEnds _ -> throw new IllegalStateException("the stream keeps these to itself");
            }
        }
    }

    private void take(Map<String, Object> event) throws ApiFailure {
        Map<String, Object> object = Json.map(event, "object");
        String type = Json.text(event, "type");
        if (type.equals("ERROR")) {
            int code = object.get("code") instanceof Number number ? number.intValue() : 0;
            throw ApiFailure.answered(code, Json.text(object, "message"));
        }
        String at = Json.text(Json.map(object, "metadata"), "resourceVersion");
        if (at.isEmpty()) {
            throw ApiFailure.senseless("an event of type \"" + type + "\" has no resourceVersion");
        }
        switch (type) {
            case "ADDED", "MODIFIED" -> sink.changed(object);
            case "DELETED" -> sink.deleted(object);
            case "BOOKMARK" -> LOG.trace("bookmark resource={}", kind.resource());
            default -> throw ApiFailure.senseless("\"" + type + "\" is not a type of event");
        }
        resume = at;
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
