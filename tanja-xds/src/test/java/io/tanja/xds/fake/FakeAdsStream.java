package io.tanja.xds.fake;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One stream of a {@link FakeControlPlane}: an honest, plain delta server. All methods are synchronized. */
final class FakeAdsStream {
    private final StreamObserver<byte[]> out;
    private final FakeResources resources;
    private final Map<String, Watch> watches = new LinkedHashMap<>();
    private int nonces;
    private boolean ended;

    private static final class Watch {
        private final Set<String> names = new LinkedHashSet<>();
        private final Map<String, String> sent = new HashMap<>();
        private final Set<String> asked = new LinkedHashSet<>();
        private boolean wildcard;
        private boolean due;
    }

    FakeAdsStream(StreamObserver<byte[]> out, FakeResources resources) {
        this.out = out;
        this.resources = resources;
    }

    synchronized void take(DeltaDiscoveryRequest request) {
        Watch watch = watches.get(request.getTypeUrl());
        if (watch == null) {
            watch = new Watch();
            watches.put(request.getTypeUrl(), watch);
            watch.sent.putAll(request.getInitialResourceVersionsMap());
            watch.wildcard = request.getResourceNamesSubscribeCount() == 0;
            watch.due = true;
        }
        Collection<String> more = request.getResourceNamesSubscribeList();
        watch.wildcard |= more.contains("*");
        watch.names.addAll(more);
        watch.asked.addAll(more);
        watch.due |= !more.isEmpty();
        Collection<String> fewer = request.getResourceNamesUnsubscribeList();
        watch.names.removeAll(fewer);
        watch.sent.keySet().removeAll(fewer);
    }

    /** Sends what the client lacks; {@code reply} also when that is nothing and a request awaits an answer. */
    synchronized void answer(boolean reply) {
        watches.forEach((type, watch) -> {
            List<Resource> changed = new ArrayList<>();
            Set<String> found = new LinkedHashSet<>();
            Map<String, Resource> all = resources.of(type);
            all.values().forEach(resource -> {
                Set<String> names = new LinkedHashSet<>(resource.getAliasesList());
                names.add(resource.getName());
                found.addAll(names);
                boolean wanted = watch.wildcard
                        || names.stream().anyMatch(watch.names::contains)
                        || watch.sent.containsKey(resource.getName());
                if (wanted
                        && !resource.getVersion().equals(watch.sent.put(resource.getName(), resource.getVersion()))) {
                    changed.add(resource);
                }
            });
            Set<String> gone = new LinkedHashSet<>(watch.sent.keySet());
            gone.addAll(watch.asked);
            gone.remove("*");
            gone.removeAll(found);
            watch.sent.keySet().removeAll(gone);
            watch.asked.clear();
            if (!changed.isEmpty() || !gone.isEmpty() || watch.due && reply) {
                watch.due = false;
                send(DeltaDiscoveryResponse.newBuilder()
                        .setTypeUrl(type)
                        .addAllResources(changed)
                        .addAllRemovedResources(gone)
                        .setNonce("n" + ++nonces)
                        .build());
            }
        });
    }

    private void send(DeltaDiscoveryResponse response) {
        sendRaw(response.toByteArray());
    }

    synchronized void sendRaw(byte[] message) {
        if (!ended) {
            out.onNext(message);
        }
    }

    synchronized void end(Status status) {
        if (!ended) {
            ended = true;
            if (status.isOk()) {
                out.onCompleted();
            } else {
                out.onError(status.asException());
            }
        }
    }
}
