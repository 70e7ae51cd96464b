package io.tanja.proxy.config;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.tanja.model.mesh.Workload;
import io.tanja.xds.ads.client.Received;
import io.tanja.xds.ads.client.ResourceListener;
import io.tanja.xds.ads.client.Subscription;
import io.tanja.xds.codec.AddressResource;
import io.tanja.xds.codec.ResourceNames;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the control plane for addresses and keeps the answers, also that there is none: a subscription stays, so that what
 * appears or changes later is told. While the control plane is away the answers stay valid. Bounded: the address that was
 * not used for longest is given up.
 *
 * <p>One writer: the control loop, on which every method runs except {@link #table}.
 */
final class AddressBook implements ResourceListener<AddressResource> {
    /** How many addresses may be asked for without anybody waiting, at one time. */
    private static final int MAX_IN_BACKGROUND = 64;

    /** How long a service may be without a ready workload before its callers are refused. */
    static final Duration ENDPOINT_PATIENCE = Duration.ofSeconds(1);

    private final EventExecutor control;
    private final int maxAddresses;
    private final Duration patience;
    private final Supplier<String> controlPlaneState;
    private final Map<String, AddressResource> resources = new HashMap<>();
    private final Map<InetAddress, Ask> asked = new LinkedHashMap<>();
    private final Map<String, Ask> byName = new HashMap<>();
    private final List<String> askAgain = new ArrayList<>();
    private @Nullable Subscription subscription;
    private int inBackground;
    private long evictions;
    private volatile AddressTable table = AddressTable.EMPTY;

    /**
     * Makes an empty book.
     *
     * @param control the control loop
     * @param maxAddresses how many addresses are kept subscribed
     * @param patience how long a question may wait
     * @param controlPlaneState says, for the reason of a failure, how the connection to the control plane is
     */
    AddressBook(EventExecutor control, int maxAddresses, Duration patience, Supplier<String> controlPlaneState) {
        this.control = control;
        this.maxAddresses = maxAddresses;
        this.patience = patience;
        this.controlPlaneState = controlPlaneState;
    }

    /** Where to ask; to be set before the first question. */
    void subscription(Subscription newSubscription) {
        subscription = newSubscription;
    }

    /** What is known now; for any thread. */
    AddressTable table() {
        return table;
    }

    /** Answers {@code promise} when the address is known, with a failure when patience is over. */
    void resolve(InetAddress address, Promise<Lookup> promise) {
        Lookup known = table.lookup(address);
        if (known != null) {
            promise.trySuccess(known);
            return;
        }
        Ask ask = ask(address);
        ask.await(promise);
        if (asked.size() > maxAddresses) {
            evict();
        }
        var timeout = control.schedule(
                () -> {
                    ask.forget(promise);
                    promise.trySuccess(new Lookup.Unavailable("no answer for " + ask.name() + " within "
                            + patience.toMillis() + " ms, " + controlPlaneState.get()));
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        promise.addListener(done -> timeout.cancel(false));
    }

    /** Answers {@code promise} when a workload behind the address is ready, or the wait for one is over. */
    void awaitEndpoint(InetAddress address, Promise<Lookup> promise) {
        Ask ask = asked.get(address);
        Lookup now = table.peek(address);
        if (now == null) {
            resolve(address, promise);
        } else if (ask == null) {
            promise.trySuccess(now);
        } else {
            ask.endpoint().await(promise, now);
        }
    }

    /** Asks without waiting, unless much is being asked in this way. */
    void askInBackground(InetAddress address) {
        if (!asked.containsKey(address) && table.lookup(address) == null && inBackground < MAX_IN_BACKGROUND) {
            inBackground++;
            Promise<Lookup> nobody = control.newPromise();
            nobody.addListener(done -> inBackground--);
            resolve(address, nobody);
        }
    }

    private Ask ask(InetAddress address) {
        Ask before = asked.get(address);
        if (before != null) {
            return before;
        }
        Ask ask = new Ask(ResourceNames.address(ResourceNames.DEFAULT_NETWORK, address));
        asked.put(address, ask);
        byName.put(ask.name(), ask);
        if (subscription != null) {
            subscription.add(List.of(ask.name()));
        }
        return ask;
    }

    /** Gives up the oldest addresses that were not used since this last looked at them and that nobody waits for. */
    private void evict() {
        List<String> gone = new ArrayList<>();
        for (int looks = 2 * asked.size(); asked.size() > maxAddresses && looks > 0; looks--) {
            Iterator<Map.Entry<InetAddress, Ask>> oldest = asked.entrySet().iterator();
            Map.Entry<InetAddress, Ask> each = oldest.next();
            InetAddress address = each.getKey();
            Ask ask = each.getValue();
            oldest.remove();
            if (ask.awaited() || ask.wasUsed()) {
                asked.put(address, ask);
            } else {
                gone.add(ask.name());
                byName.remove(ask.name());
            }
        }
        if (gone.isEmpty()) {
            return;
        }
        evictions += gone.size();
        dropWhatNobodyAskedFor(gone);
        if (subscription != null) {
            subscription.remove(gone);
        }
        publish();
    }

    private void dropWhatNobodyAskedFor(List<String> gone) {
        Set<String> services = new HashSet<>();
        for (AddressResource each : resources.values()) {
            if (each instanceof AddressResource.OfService of
                    && isAsked(of.service().addresses())) {
                services.add(of.key());
            }
        }
        resources.values().removeIf(each -> {
            boolean keep = switch (each) {
                case AddressResource.OfService of -> services.contains(of.key());
                case AddressResource.OfWorkload of -> isAsked(of.workload().addresses()) || backs(of, services);
            };
            if (!keep) {
                gone.add(each.key());
            }
            return !keep;
        });
    }

    private boolean isAsked(Collection<InetAddress> addresses) {
        for (InetAddress each : addresses) {
            if (asked.containsKey(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean backs(AddressResource.OfWorkload of, Set<String> services) {
        for (String service : of.workload().services().keySet()) {
            if (services.contains(service)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onUpdate(Received<AddressResource> resource) {
        resources.put(resource.name(), resource.value());
    }

    @Override
    public void onRemoved(String name) {
        Ask ask = byName.get(name);
        if (ask != null) {
            ask.isAbsent();
            return;
        }
        AddressResource was = resources.remove(name);
        if (was == null) {
            return;
        }
        // The address may belong to another workload by now, perhaps to one in the mesh: it is not known to be outside.
        for (InetAddress address : addresses(was)) {
            Ask of = asked.get(address);
            if (of != null) {
                of.askedAgain();
                askAgain.add(of.name());
            }
        }
    }

    private static List<InetAddress> addresses(AddressResource resource) {
        return switch (resource) {
            case AddressResource.OfService of -> of.service().addresses();
            case AddressResource.OfWorkload of -> of.workload().addresses();
        };
    }

    @Override
    public void onRejected(String name, List<String> aliases, String reason) {
        Lookup refused = new Lookup.Unavailable("the control plane's answer cannot be used: " + reason);
        List<String> names = new ArrayList<>(aliases);
        names.add(name);
        for (String each : names) {
            Ask ask = byName.get(each);
            if (ask != null) {
                ask.answer(refused);
            }
        }
    }

    @Override
    public void onApplied() {
        for (AddressResource each : resources.values()) {
            for (InetAddress address : addresses(each)) {
                Ask ask = asked.get(address);
                if (ask != null) {
                    ask.isPresent();
                    askAgain.remove(ask.name());
                }
            }
        }
        publish();
        for (Map.Entry<InetAddress, Ask> each : asked.entrySet()) {
            Lookup now = table.peek(each.getKey());
            if (!each.getValue().pending() && now != null) {
                each.getValue().answer(now);
                watchEndpoint(each.getKey(), each.getValue().endpoint(), now);
            }
        }
        if (subscription != null && !askAgain.isEmpty()) {
            subscription.add(List.copyOf(askAgain));
        }
        askAgain.clear();
    }

    private void watchEndpoint(InetAddress address, EndpointWait wait, Lookup now) {
        if (wait.update(now)) {
            int number = wait.episode();
            var _ = control.schedule(
                    () -> {
                        Lookup last = table.peek(address);
                        wait.giveUp(number, last == null ? now : last);
                    },
                    ENDPOINT_PATIENCE.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void publish() {
        table = AddressTable.of(resources.values(), asked);
    }

    /** Addresses that are kept subscribed. */
    int subscribed() {
        return asked.size();
    }

    /** Addresses given up so far. */
    long evictions() {
        return evictions;
    }

    static @Nullable Workload workload(@Nullable Lookup lookup) {
        return lookup instanceof Lookup.WorkloadHit hit ? hit.workload() : null;
    }
}
