package io.tanja.xds.fake;

import com.google.protobuf.Any;
import com.google.protobuf.MessageLite;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@link FakeControlPlane} serves, by type and name. Every change makes a new version. */
final class FakeResources {
    private final Map<String, Map<String, Resource>> types = new LinkedHashMap<>();
    private long changes;

    synchronized void put(String typeUrl, String name, List<String> aliases, MessageLite value) {
        types.computeIfAbsent(typeUrl, key -> new LinkedHashMap<>())
                .put(
                        name,
                        Resource.newBuilder()
                                .setName(name)
                                .addAllAliases(aliases)
                                .setVersion("v" + ++changes)
                                .setResource(
                                        Any.newBuilder().setTypeUrl(typeUrl).setValue(value.toByteString()))
                                .build());
    }

    synchronized void remove(String typeUrl, String name) {
        types.getOrDefault(typeUrl, Map.of()).remove(name);
    }

    synchronized Map<String, Resource> of(String typeUrl) {
        return new LinkedHashMap<>(types.getOrDefault(typeUrl, Map.of()));
    }
}
