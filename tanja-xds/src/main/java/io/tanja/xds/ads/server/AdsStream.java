package io.tanja.xds.ads.server;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream. Its own thread runs {@link #run} and is the only one that touches the subscriptions and writes to
 * the call; all others leave a note under the lock and wake it.
 *
 * <p>Nothing queues: at most one request is taken off the wire before the one before it is done with, and a client that
 * does not read gets, once it reads again, the difference to the newest state, not the states in between.
 */
final class AdsStream extends ServerCall.Listener<DeltaDiscoveryRequest> implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(AdsStream.class);

    private final long id;
    private final ServerCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call;
    private final SpiffeId caller;
    private final String peer;
    private final Instant since;
    private final Supplier<Catalog> catalogs;
    private final Limits limits;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable DeltaDiscoveryRequest inbox;
    private boolean wake;
    private boolean cancelled;
    private @Nullable Status end;

    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private String node = "";
    private long nonces;
    private volatile StreamStatus status;

    AdsStream(
            long id,
            ServerCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call,
            SpiffeId caller,
            String peer,
            Instant since,
            Supplier<Catalog> catalogs,
            Limits limits) {
        this.id = id;
        this.call = call;
        this.caller = caller;
        this.peer = peer;
        this.since = since;
        this.catalogs = catalogs;
        this.limits = limits;
        this.status = new StreamStatus(id, caller, node, peer, since, List.of());
    }

    @Override
    public void onMessage(DeltaDiscoveryRequest request) {
        note(() -> inbox = request);
    }

    @Override
    public void onReady() {
        note(() -> wake = true);
    }

    @Override
    public void onHalfClose() {
        end(Status.OK);
    }

    @Override
    public void onCancel() {
        note(() -> cancelled = true);
    }

    @Override
    public void onComplete() {
        note(() -> cancelled = true);
    }

    /** Tells the stream that there is a new catalog. */
    void poke() {
        note(() -> wake = true);
    }

    /** Ends the stream once what came before is done; the first reason stays. */
    void end(Status reason) {
        note(() -> end = end == null ? reason : end);
    }

    private void note(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    StreamStatus status() {
        return status;
    }

    /** The life of the stream; returns when it is over. */
    @Override
    public void run() {
        LOG.info("xds stream open stream={} caller={} peer={}", id, caller, peer);
        String why = "client left";
        try {
            call.sendHeaders(new Metadata());
            call.request(1);
            Status reason = serve();
            if (reason != null) {
                why = reason.getCode() + (reason.getDescription() == null ? "" : " " + reason.getDescription());
                call.close(reason, new Metadata());
            }
        } catch (StreamRefusedException refused) {
            why = refused.status().getCode() + " " + refused.getMessage();
            LOG.warn("xds stream refused stream={} caller={} peer={} reason=\"{}\"", id, caller, peer, why);
            call.close(refused.status(), new Metadata());
        } catch (InterruptedException interrupted) {
            why = "server stops";
            call.close(Status.UNAVAILABLE.withDescription(why), new Metadata());
        } catch (RuntimeException broken) {
            why = "internal error";
            LOG.error("xds stream failed stream={} caller={} peer={}", id, caller, peer, broken);
            call.close(Status.INTERNAL.withDescription(why), new Metadata());
        }
        LOG.info("xds stream closed stream={} caller={} node=\"{}\" reason=\"{}\"", id, caller, node, why);
    }

    /** @return why the stream ends, or null if the call is already over */
    private @Nullable Status serve() throws StreamRefusedException, InterruptedException {
        while (true) {
            DeltaDiscoveryRequest request;
            lock.lockInterruptibly();
            try {
                while (inbox == null && !wake && !cancelled && end == null) {
                    changed.await();
                }
                if (cancelled) {
                    return null;
                }
                request = inbox;
                inbox = null;
                wake = false;
                if (request == null && end != null) {
                    return end;
                }
            } finally {
                lock.unlock();
            }
            if (request != null) {
                take(request);
                call.request(1);
            }
            push();
            status = new StreamStatus(
                    id,
                    caller,
                    node,
                    peer,
                    since,
                    subscriptions.values().stream().map(Subscription::status).toList());
        }
    }

    private void take(DeltaDiscoveryRequest request) throws StreamRefusedException {
        if (request.hasNode() && node.isEmpty()) {
            node = Quote.printable(request.getNode().getId());
        }
        if (request.equals(RequestMarshaller.UNDECODABLE)) {
            throw new StreamRefusedException(
                    Status.INVALID_ARGUMENT.withDescription("a message is no DeltaDiscoveryRequest"));
        }
        String type = request.getTypeUrl();
        Subscription known = subscriptions.get(type);
        if (known == null) {
            open(type, request);
            return;
        }
        switch (known.update(request)) {
            case NACK ->
                LOG.warn(
                        "xds nack stream={} caller={} node=\"{}\" type={} version={} reason=\"{}\"",
                        id,
                        caller,
                        node,
                        Quote.printable(type),
                        known.status().versionSent(),
                        known.status().nackReason());
            case ACK ->
                LOG.debug(
                        "xds ack stream={} type={} version={}",
                        id,
                        type,
                        known.status().versionAcked());
            case STALE, NONE -> {}
        }
    }

    private void open(String type, DeltaDiscoveryRequest request) throws StreamRefusedException {
        if (type.isEmpty() || type.length() > limits.keyLength()) {
            throw new StreamRefusedException(
                    Status.INVALID_ARGUMENT.withDescription("type_url is empty or longer than " + limits.keyLength()));
        }
        if (subscriptions.size() >= limits.types()) {
            throw new StreamRefusedException(
                    Status.RESOURCE_EXHAUSTED.withDescription("more than " + limits.types() + " types in one stream"));
        }
        Subscription subscription = new Subscription(type, caller, limits);
        subscription.open(request);
        subscriptions.put(type, subscription);
    }

    /** Sends what is missing while the client reads; stops at the first one that would have to be buffered. */
    private void push() throws StreamRefusedException {
        Catalog catalog = catalogs.get();
        for (Subscription subscription : subscriptions.values()) {
            while (subscription.mustLook(catalog)) {
                if (!call.isReady()) {
                    return;
                }
                DeltaDiscoveryResponse response = subscription.next(catalog, () -> Long.toString(++nonces));
                if (response != null) {
                    call.sendMessage(response);
                }
            }
        }
    }
}
