package io.tanja.xds.ads.server;

import io.grpc.Status;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one client wants of one type, and what it has been told. Written by its stream's thread only; no I/O.
 *
 * <p>Follows the incremental variant of the xDS protocol as Istio serves it ({@code pilot/pkg/xds/delta.go}), with two
 * deliberate differences. A stale nonce voids only the verdict, never the subscriptions beside it, which are increments
 * and would be lost. A refused version is never sent again: only a change of the resource is.
 */
final class Subscription {
    /** The name that stands for all resources of a type. */
    static final String WILDCARD = "*";

    private final String typeUrl;
    private final SpiffeId caller;
    private final Limits limits;

    private boolean wildcard;
    /** Key to the names of the resources that it stood for when it was last looked up. */
    private final Map<String, Set<String>> keys = new LinkedHashMap<>();
    /** Resource name to the version that the client has. */
    private final Map<String, String> sent = new HashMap<>();
    /** Keys whose absence the client must be told. */
    private final Set<String> unanswered = new LinkedHashSet<>();
    /** Keys whose resources the client must get although it has them: it asked for them by this key. */
    private final Set<String> asked = new HashSet<>();
    /** Resources that the client must get although it has them. */
    private final Set<String> due = new HashSet<>();

    private boolean answerDue;
    private boolean look;
    /** Whether the last response left something for the next one. */
    private boolean partial;

    private @Nullable Catalog lastSeen;
    private String nonce = "";
    private @Nullable String versionSent;
    private @Nullable String versionAcked;
    private @Nullable String nackReason;

    Subscription(String typeUrl, SpiffeId caller, Limits limits) {
        this.typeUrl = typeUrl;
        this.caller = caller;
        this.limits = limits;
    }

    /**
     * Takes the first request for the type.
     *
     * @throws StreamRefusedException if it asks for too much
     */
    void open(DeltaDiscoveryRequest request) throws StreamRefusedException {
        wildcard = request.getResourceNamesSubscribeCount() == 0;
        subscribe(request, false);
        // A reconnecting client names what it has. Without a wildcard that is also what it goes on wanting; an empty
        // version marks a name that it still waits for.
        for (Map.Entry<String, String> known :
                request.getInitialResourceVersionsMap().entrySet()) {
            if (!known.getValue().isEmpty()) {
                sent.put(known.getKey(), known.getValue());
            }
            if (!wildcard && !keys.containsKey(known.getKey())) {
                add(known.getKey());
            }
        }
        answerDue = true;
        look = true;
    }

    /**
     * Takes a later request.
     *
     * @return the verdict that it carries on the latest response
     * @throws StreamRefusedException if it asks for too much
     */
    Verdict update(DeltaDiscoveryRequest request) throws StreamRefusedException {
        subscribe(request, true);
        if (request.getResponseNonce().isEmpty()) {
            return Verdict.NONE;
        }
        if (!request.getResponseNonce().equals(nonce)) {
            return Verdict.STALE;
        }
        if (request.hasErrorDetail()) {
            nackReason = Quote.printable(request.getErrorDetail().getMessage());
            return Verdict.NACK;
        }
        nackReason = null;
        if (!partial) {
            versionAcked = versionSent;
        }
        return Verdict.ACK;
    }

    /** What a request says of the last response. */
    enum Verdict {
        /** Nothing. */
        NONE,
        /** It speaks of a response that a newer one has overtaken. */
        STALE,
        /** Accepted. */
        ACK,
        /** Refused, in whole or in part. */
        NACK
    }

    private void subscribe(DeltaDiscoveryRequest request, boolean resend) throws StreamRefusedException {
        for (String name : request.getResourceNamesSubscribeList()) {
            if (name.equals(WILDCARD)) {
                wildcard = true;
            } else {
                add(name);
                if (resend) {
                    asked.add(name);
                }
            }
            answerDue = true;
            look = true;
        }
        Set<String> loose = new HashSet<>();
        for (String name : request.getResourceNamesUnsubscribeList()) {
            if (name.equals(WILDCARD)) {
                wildcard = false;
                loose.addAll(sent.keySet());
            } else {
                loose.addAll(keys.getOrDefault(name, Set.of()));
                keys.remove(name);
                unanswered.remove(name);
                asked.remove(name);
            }
        }
        if (!wildcard && !loose.isEmpty()) {
            forgetUnwanted(loose);
        }
    }

    private void add(String key) throws StreamRefusedException {
        if (key.length() > limits.keyLength()) {
            throw new StreamRefusedException(Status.INVALID_ARGUMENT.withDescription(
                    "a resource name has " + key.length() + " characters, at most " + limits.keyLength()));
        }
        keys.putIfAbsent(key, Set.of());
        unanswered.add(key);
        if (keys.size() > limits.keys()) {
            throw new StreamRefusedException(Status.RESOURCE_EXHAUSTED.withDescription(
                    "more than " + limits.keys() + " names of " + Quote.printable(typeUrl) + " in one stream"));
        }
    }

    /** Drops what the client knows that it no longer gets; it is not told, since it said so itself. */
    private void forgetUnwanted(Collection<String> candidates) {
        Set<String> held = new HashSet<>();
        keys.values().forEach(held::addAll);
        for (String name : candidates) {
            if (!held.contains(name)) {
                sent.remove(name);
                due.remove(name);
            }
        }
    }

    /** Whether {@link #next} could have something to say. */
    boolean mustLook(Catalog catalog) {
        return look || !Objects.equals(lastSeen, catalog);
    }

    /**
     * The next response, already counted as sent: it must be stored before it is on the wire, since the answer may
     * overtake this thread.
     *
     * @param nonces makes the response's nonce
     * @return null if the client has all that it should
     * @throws StreamRefusedException if the caller may not read a key that it asked for
     */
    @Nullable
    DeltaDiscoveryResponse next(Catalog catalog, Supplier<String> nonces) throws StreamRefusedException {
        lastSeen = catalog;
        look = false;
        Set<String> removed = new LinkedHashSet<>();
        Map<String, ServedResource> wanted = resolve(catalog, removed);
        for (String name : List.copyOf(sent.keySet())) {
            if (!wanted.containsKey(name)) {
                removed.add(name);
                sent.remove(name);
                due.remove(name);
            }
        }
        List<ServedResource> changed = changed(wanted);
        if (changed.isEmpty() && removed.isEmpty() && !answerDue) {
            return null;
        }
        DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(typeUrl)
                .setSystemVersionInfo(catalog.version())
                .addAllRemovedResources(removed);
        for (ServedResource resource : changed) {
            response.addResources(resource.message());
            sent.put(resource.name(), resource.version());
            due.remove(resource.name());
        }
        answerDue = false;
        nonce = nonces.get();
        versionSent = catalog.version();
        return response.setNonce(nonce).build();
    }

    private Map<String, ServedResource> resolve(Catalog catalog, Set<String> removed) throws StreamRefusedException {
        Map<String, ServedResource> wanted = new LinkedHashMap<>();
        if (wildcard) {
            requireAllowed(catalog, WILDCARD);
            for (ServedResource resource : catalog.all(typeUrl)) {
                wanted.put(resource.name(), resource);
            }
        }
        for (Map.Entry<String, Set<String>> entry : keys.entrySet()) {
            String key = entry.getKey();
            requireAllowed(catalog, key);
            List<ServedResource> found = catalog.find(typeUrl, key);
            Set<String> names = new LinkedHashSet<>();
            for (ServedResource resource : found) {
                wanted.put(resource.name(), resource);
                names.add(resource.name());
            }
            if (found.isEmpty()
                    && (unanswered.contains(key) || !entry.getValue().isEmpty())) {
                removed.add(key);
            }
            if (asked.contains(key)) {
                due.addAll(names);
            }
            entry.setValue(names);
        }
        unanswered.clear();
        asked.clear();
        return wanted;
    }

    private void requireAllowed(Catalog catalog, String key) throws StreamRefusedException {
        String refusal = catalog.refusal(caller, typeUrl, key);
        if (refusal != null) {
            throw new StreamRefusedException(Status.PERMISSION_DENIED.withDescription(refusal));
        }
    }

    private List<ServedResource> changed(Map<String, ServedResource> wanted) {
        List<ServedResource> changed = new ArrayList<>();
        long bytes = 0;
        partial = false;
        for (ServedResource resource : wanted.values()) {
            if (!resource.version().equals(sent.get(resource.name())) || due.contains(resource.name())) {
                bytes += resource.size();
                if (bytes > limits.responseBytes() && !changed.isEmpty()) {
                    partial = true;
                    look = true;
                    break;
                }
                changed.add(resource);
            }
        }
        return changed;
    }

    /** How far the client is. */
    PushStatus status() {
        return new PushStatus(
                typeUrl,
                wildcard,
                keys.size(),
                sent.size(),
                versionSent,
                versionAcked,
                nackReason,
                partial || lastSeen == null ? null : lastSeen.version());
    }
}
