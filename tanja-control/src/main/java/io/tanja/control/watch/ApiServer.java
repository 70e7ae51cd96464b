package io.tanja.control.watch;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The two requests that watching needs, over the Kubernetes client's HTTP client. Safe for use by several threads. */
public final class ApiServer {
    private static final int OK = 200;
    /** How many objects are held as trees at one time. */
    private static final int PAGE = 250;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** How long the server keeps a watch open; it ends it by itself then. */
    private static final long WATCH_SECONDS = 300;

    private final HttpClient http;
    private final URI address;

    /**
     * @param http knows the server's certificate and who we are; must not retry by itself
     * @param address where the API server is
     */
    public ApiServer(HttpClient http, URI address) {
        this.http = http;
        this.address = address;
    }

    /**
     * One page of a consistent list: never from a cache that may lag behind what was seen before.
     *
     * @param next where the list goes on; empty for its begin
     */
    Page list(WatchedKind kind, String apiVersion, String next) throws ApiFailure, InterruptedException {
        String query = "limit=" + PAGE
                + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                await(http.sendAsync(request(kind, apiVersion, query).build(), String.class));
        if (answer.code() != OK) {
            throw ApiFailure.answered(answer.code(), message(answer.body()));
        }
        Map<String, Object> list = Json.object(answer.body());
        Map<String, Object> meta = Json.map(list, "metadata");
        return new Page(Json.maps(list, "items"), Json.text(meta, "resourceVersion"), Json.text(meta, "continue"));
    }

    /** Follows a kind from a version on. */
    WatchStream watch(WatchedKind kind, String apiVersion, String resourceVersion)
            throws ApiFailure, InterruptedException {
        String query = "watch=true&allowWatchBookmarks=true&timeoutSeconds=" + WATCH_SECONDS + "&resourceVersion="
                + URLEncoder.encode(resourceVersion, StandardCharsets.UTF_8);
        WatchStream stream = new WatchStream();
        HttpResponse<AsyncBody> answer = await(http.consumeBytes(
                request(kind, apiVersion, query).forStreaming().build(), stream::chunk));
        if (answer.code() != OK) {
            answer.body().cancel();
            throw ApiFailure.answered(answer.code(), "");
        }
        stream.open(answer.body());
        return stream;
    }

    private HttpRequest.Builder request(WatchedKind kind, String apiVersion, String query) {
        String narrowed = kind.query().isEmpty() ? query : kind.query() + "&" + query;
        return http.newHttpRequestBuilder()
                .uri(address.resolve(kind.path(apiVersion) + "?" + narrowed).toString())
                .header("Accept", "application/json");
    }

    private static <T> T await(CompletableFuture<T> answer) throws ApiFailure, InterruptedException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ApiFailure(0, "the API server is not reached: " + cause);
        } catch (TimeoutException e) {
            throw new ApiFailure(0, "the API server did not answer within " + PATIENCE.toSeconds() + " s");
        } finally {
            // An answer that comes when nobody waits any more must not keep its connection.
            answer.cancel(true);
        }
    }

    /** What a Status says. */
    private static String message(String body) {
        try {
            return Json.text(Json.object(body), "message");
        } catch (ApiFailure e) {
            return "";
        }
    }
}
