package io.tanja.xds.ads.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.tanja.xds.ads.client.AdsStatus.State;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.grpc.BearerToken;
import io.tanja.xds.grpc.GrpcConnection;
import io.tanja.xds.grpc.GrpcConnector;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a delta ADS stream to the control plane open and what came over it up to date. What is known stays in force while
 * the control plane is away.
 *
 * <p>All state is written by the connector's event loop; the public methods may be called by any thread.
 */
public final class AdsClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdsClient.class);

    private final GrpcConnector connector;
    private final EventLoop loop;
    private final AdsSettings settings;
    private final Supplier<String> token;
    private final Backoff backoff;
    private final InstantSource clock;
    private final Map<String, TypeState<?>> types = new LinkedHashMap<>();
    private final List<Consumer<AdsStatus>> observers = new ArrayList<>();
    private @Nullable AdsStream stream;
    private @Nullable Future<?> retry;
    private boolean running;
    private volatile AdsStatus status;

    /**
     * Makes a client; {@link #start()} connects it.
     *
     * @param token the bearer token, asked for on a virtual thread at each connect, so it may read a file
     * @param backoff waits between attempts; becomes the client's own
     */
    public AdsClient(
            GrpcConnector connector,
            AdsSettings settings,
            Supplier<String> token,
            Backoff backoff,
            InstantSource clock) {
        this.connector = connector;
        this.loop = connector.eventLoop();
        this.settings = settings;
        this.token = token;
        this.backoff = backoff;
        this.clock = clock;
        this.status = new AdsStatus(State.STOPPED, clock.instant(), null);
    }

    /**
     * Subscribes to all resources of a type.
     *
     * @throws IllegalStateException later, in the log only, if the type is subscribed already
     */
    public <T> void subscribeAll(ResourceType<T> type, ResourceListener<T> listener) {
        loop.execute(() -> register(new TypeState<>(type, true, List.of(), listener)));
    }

    /** Subscribes to resources of a type by name; the names may be none at first. One subscription for each type. */
    public <T> Subscription subscribe(ResourceType<T> type, Collection<String> names, ResourceListener<T> listener) {
        TypeState<T> state = new TypeState<>(type, false, names, listener);
        loop.execute(() -> register(state));
        return new Subscription() {
            @Override
            public void add(Collection<String> more) {
                List<String> copy = List.copyOf(more);
                loop.execute(() -> send(state.add(copy)));
            }

            @Override
            public void remove(Collection<String> fewer) {
                List<String> copy = List.copyOf(fewer);
                loop.execute(() -> send(state.remove(copy)));
            }
        };
    }

    /** Tells {@code observer} the present status and every later one, on the event loop. */
    public void observe(Consumer<AdsStatus> observer) {
        loop.execute(() -> {
            observers.add(observer);
            observer.accept(status);
        });
    }

    /** The present status. */
    public AdsStatus status() {
        return status;
    }

    /** Connects, and stays connected until {@link #close()}. Subscribe before. */
    public void start() {
        loop.execute(() -> {
            if (!running) {
                running = true;
                connect();
            }
        });
    }

    /** Ends the stream and all attempts. */
    @Override
    public void close() {
        loop.execute(() -> {
            running = false;
            if (retry != null) {
                retry.cancel(false);
            }
            AdsStream current = stream;
            stream = null;
            if (current != null) {
                current.end("the client is closed");
            }
            become(State.STOPPED, status.lastError());
        });
    }

    private void register(TypeState<?> state) {
        if (types.putIfAbsent(state.type().url(), state) != null) {
            throw new IllegalStateException(state.type() + " is subscribed already");
        }
        send(state.begin());
    }

    private void send(@Nullable DeltaDiscoveryRequest request) {
        if (request != null && stream != null) {
            stream.send(request);
        }
    }

    private void connect() {
        if (!running) {
            return;
        }
        become(State.CONNECTING, status.lastError());
        Thread.ofVirtual().name("ads token").start(() -> {
            try {
                String header = BearerToken.header(token.get());
                loop.execute(() -> open(header));
            } catch (RuntimeException e) {
                loop.execute(() -> lost("no token for the control plane: " + e.getMessage()));
            }
        });
    }

    private void open(String authorization) {
        if (!running) {
            return;
        }
        AdsStream next = new AdsStream(settings, types.values(), new AdsStream.Owner() {
            @Override
            public void answered(AdsStream by) {
                if (by == stream) {
                    backoff.reset();
                    become(State.CONNECTED, status.lastError());
                }
            }

            @Override
            public void ended(AdsStream by, String reason) {
                if (by == stream) {
                    stream = null;
                    lost(reason);
                }
            }
        });
        connector.connect(next).addListener(done -> {
            if (!done.isSuccess()) {
                lost(String.valueOf(done.cause().getMessage()));
                return;
            }
            GrpcConnection connection = (GrpcConnection) done.getNow();
            if (!running) {
                connection.close("the client is closed");
                return;
            }
            stream = next;
            next.open(connection, authorization);
        });
    }

    private void lost(String reason) {
        if (!running) {
            return;
        }
        Duration wait = backoff.next();
        if (!reason.equals(status.lastError()) || status.connected()) {
            log.warn(
                    "control plane lost: {}; what is known stays in force, next attempt in {} ms",
                    reason,
                    wait.toMillis());
        }
        become(State.DISCONNECTED, reason);
        retry = loop.schedule(this::connect, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void become(State state, @Nullable String error) {
        if (status.state() == State.STOPPED && state == State.STOPPED) {
            return;
        }
        if (state == State.CONNECTED) {
            log.info("control plane {} connected", connector.target());
        }
        status = new AdsStatus(state, clock.instant(), error);
        for (Consumer<AdsStatus> observer : observers) {
            observer.accept(status);
        }
    }
}
