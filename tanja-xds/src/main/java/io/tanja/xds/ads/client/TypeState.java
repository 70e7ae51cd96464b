package io.tanja.xds.ads.client;

import com.google.protobuf.Any;
import io.tanja.xds.codec.DecodeException;
import io.tanja.xds.codec.ResourceNames;
import io.tanja.xds.codec.ResourceType;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import io.tanja.xds.proto.google.rpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the client holds of one type across streams, and what it says about it. Does no I/O; written by the client's event
 * loop only.
 */
final class TypeState<T> {
    private static final Logger log = LoggerFactory.getLogger(TypeState.class);
    private static final int INVALID_ARGUMENT = 3;
    private static final int MAX_DETAIL = 4096;

    private final ResourceType<T> type;
    private final ResourceListener<T> listener;
    private final boolean wildcard;
    private final Set<String> names;
    private final Map<String, String> versions = new LinkedHashMap<>();
    private boolean introduced;
    private boolean answered;

    TypeState(ResourceType<T> type, boolean wildcard, Collection<String> names, ResourceListener<T> listener) {
        this.type = type;
        this.wildcard = wildcard;
        this.names = new LinkedHashSet<>(names);
        this.listener = listener;
    }

    ResourceType<T> type() {
        return type;
    }

    /** Begins a new stream; null if there is nothing to ask for yet. */
    @Nullable
    DeltaDiscoveryRequest begin() {
        introduced = false;
        return wildcard || !names.isEmpty() ? introduction() : null;
    }

    /**
     * The first request of the type on a stream. The wildcard is the empty list, which is all that istiod knows, unless
     * names come with it. The versions let the server send only what changed, and oblige it to name what is gone.
     */
    private DeltaDiscoveryRequest introduction() {
        introduced = true;
        DeltaDiscoveryRequest.Builder request = request().putAllInitialResourceVersions(versions);
        if (wildcard && !names.isEmpty()) {
            request.addResourceNamesSubscribe(ResourceNames.WILDCARD);
        }
        return request.addAllResourceNamesSubscribe(names).build();
    }

    DeltaDiscoveryRequest add(Collection<String> more) {
        names.addAll(more);
        return introduced ? request().addAllResourceNamesSubscribe(more).build() : introduction();
    }

    @Nullable
    DeltaDiscoveryRequest remove(Collection<String> fewer) {
        names.removeAll(fewer);
        versions.keySet().removeAll(fewer);
        if (names.isEmpty() && !wildcard) {
            // With nothing asked for, a later stream must not claim to know, hence to want, anything.
            versions.clear();
        }
        return introduced ? request().addAllResourceNamesUnsubscribe(fewer).build() : null;
    }

    /** Applies a response and returns its ACK or NACK. */
    DeltaDiscoveryRequest apply(DeltaDiscoveryResponse response) {
        List<String> refused = new ArrayList<>();
        for (Resource resource : response.getResourcesList()) {
            String reason = update(resource);
            if (reason == null) {
                versions.put(resource.getName(), resource.getVersion());
            } else {
                refused.add(reason);
                listener.onRejected(resource.getName(), resource.getAliasesList(), reason);
            }
        }
        for (String name : response.getRemovedResourcesList()) {
            boolean known = versions.remove(name) != null;
            if (known || names.contains(name)) {
                listener.onRemoved(name);
            }
        }
        listener.onApplied();
        if (!answered) {
            answered = true;
            listener.onFirstResponse();
        }
        DeltaDiscoveryRequest.Builder reply = request().setResponseNonce(response.getNonce());
        if (!refused.isEmpty()) {
            reply.setErrorDetail(refusal(String.join("; ", refused)));
        }
        return reply.build();
    }

    /** Returns why the resource was refused, or null. */
    private @Nullable String update(Resource resource) {
        String name = resource.getName();
        try {
            Any any = resource.getResource();
            if (!any.getTypeUrl().equals(type.url())) {
                throw new DecodeException(name, "resource.type_url", "is not " + type.url());
            }
            T value = type.decode(name, any.getValue());
            listener.onUpdate(new Received<>(name, resource.getVersion(), resource.getAliasesList(), value));
            return null;
        } catch (DecodeException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalArgumentException e) {
            return String.valueOf(new DecodeException(name, "resource", String.valueOf(e.getMessage())).getMessage());
        } catch (RuntimeException e) {
            // A fault of ours must not end the stream: the same resource would come again and end it again.
            log.error("resource could not be applied, type {}", type, e);
            return String.valueOf(new DecodeException(name, "resource", "internal error: " + e).getMessage());
        }
    }

    static Status refusal(String reason) {
        return Status.newBuilder()
                .setCode(INVALID_ARGUMENT)
                .setMessage(reason.length() <= MAX_DETAIL ? reason : reason.substring(0, MAX_DETAIL) + "...")
                .build();
    }

    private DeltaDiscoveryRequest.Builder request() {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.url());
    }
}
