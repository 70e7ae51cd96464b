package io.tanja.control.admit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReviewBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.model.identity.Quote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads reviews and writes answers ({@code admission.k8s.io/v1}). What is no review is an HTTP error, which the webhook's
 * {@code failurePolicy} then judges.
 */
final class AdmissionExchanges implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AdmissionExchanges.class);
    private static final String API_VERSION = "admission.k8s.io/v1";

    /** An API server takes objects up to 1.5 MiB by default; a review has one, and little else. */
    private static final int MAX_BYTES = 3 << 20;
    /** Nearly all pods are smaller. What is bigger is read in turns, so that clients who stall hold up no one but these. */
    private static final int SMALL_BYTES = 64 << 10;

    /** Bounds the memory of all reviews at once; an API server waits for its turn. */
    private static final int AT_ONCE = 16;

    private static final long TURN_SECONDS = 5;

    private final Map<String, AdmissionReviewer> reviewers;
    private final KubernetesSerialization serialization;
    private final Semaphore bigBodies = new Semaphore(AT_ONCE);
    private final Semaphore turns = new Semaphore(AT_ONCE);

    AdmissionExchanges(Map<String, AdmissionReviewer> reviewers, KubernetesSerialization serialization) {
        this.reviewers = Map.copyOf(reviewers);
        this.serialization = serialization;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            AdmissionReviewer reviewer = reviewers.get(exchange.getRequestURI().getPath());
            if (reviewer == null) {
                error(exchange, 404, "there is no such webhook");
            } else if (!exchange.getRequestMethod().equals("POST")) {
                error(exchange, 405, "reviews are sent by POST");
            } else if (!isJson(exchange.getRequestHeaders().getFirst("Content-Type"))) {
                error(exchange, 415, "reviews are application/json");
            } else {
                byte[] body = body(exchange.getRequestBody());
                if (body.length > MAX_BYTES) {
                    error(exchange, 413, "a review has at most " + MAX_BYTES + " bytes");
                } else {
                    take(turns);
                    try {
                        review(exchange, reviewer, body);
                    } finally {
                        turns.release();
                    }
                }
            }
        } catch (BusyException e) {
            error(exchange, 503, "too many reviews at once");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    /** Everybody is busy. */
    private static final class BusyException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static void take(Semaphore permits) throws BusyException, InterruptedException {
        if (!permits.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS)) {
            throw new BusyException();
        }
    }

    private byte[] body(InputStream in) throws IOException, BusyException, InterruptedException {
        byte[] first = in.readNBytes(SMALL_BYTES);
        if (first.length < SMALL_BYTES) {
            return first;
        }
        take(bigBodies);
        try {
            byte[] rest = in.readNBytes(MAX_BYTES + 1 - SMALL_BYTES);
            byte[] all = Arrays.copyOf(first, first.length + rest.length);
            System.arraycopy(rest, 0, all, first.length, rest.length);
            return all;
        } finally {
            bigBodies.release();
        }
    }

    private static boolean isJson(@Nullable String type) {
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    private void review(HttpExchange exchange, AdmissionReviewer reviewer, byte[] body) throws IOException {
        AdmissionRequest request = request(body);
        if (request == null) {
            error(exchange, 400, "the body is not an AdmissionReview of " + API_VERSION + " with a request");
            return;
        }
        AdmissionResponse response = answer(request, reviewer);
        response.setUid(request.getUid());
        AdmissionReview review = new AdmissionReviewBuilder()
                .withApiVersion(API_VERSION)
                .withKind("AdmissionReview")
                .withResponse(response)
                .build();
        write(exchange, 200, "application/json", serialization.asJson(review));
    }

    private @Nullable AdmissionRequest request(byte[] body) {
        try {
            AdmissionReview review =
                    serialization.unmarshal(new String(body, StandardCharsets.UTF_8), AdmissionReview.class);
            AdmissionRequest request =
                    review == null || !API_VERSION.equals(review.getApiVersion()) ? null : review.getRequest();
            return request == null || request.getUid() == null ? null : request;
        } catch (RuntimeException e) {
            LOG.debug("not a review", e);
            return null;
        }
    }

    private static AdmissionResponse answer(AdmissionRequest request, AdmissionReviewer reviewer) {
        try {
            return reviewer.review(request);
        } catch (RuntimeException e) {
            // A defect, or the API server is not reached: nothing is let in that was not looked at.
            LOG.warn(
                    "review failed, the object is not let in namespace={} name={}",
                    Quote.printable(String.valueOf(request.getNamespace())),
                    Quote.printable(String.valueOf(request.getName())),
                    e);
            return Responses.denied(
                    500,
                    "the control plane cannot tell: " + Quote.printable(String.valueOf(e.getMessage()))
                            + "; try again, its log has the reason");
        }
    }

    private static void error(HttpExchange exchange, int status, String message) throws IOException {
        write(exchange, status, "text/plain; charset=utf-8", message + "\n");
    }

    private static void write(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
