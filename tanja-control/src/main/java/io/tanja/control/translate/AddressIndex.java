package io.tanja.control.translate;

import io.tanja.control.state.Member;
import io.tanja.control.state.MeshState;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.Workload;
import io.tanja.xds.ads.server.ServedResource;
import io.tanja.xds.codec.AddressCodec;
import io.tanja.xds.codec.ResourceNames;
import io.tanja.xds.codec.ResourceType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Services and workloads by every key under which they are asked for. Immutable.
 *
 * <p>A service is answered together with the workloads behind it, as Istio's ambient index does
 * ({@code pilot/pkg/serviceregistry/ambient/ambientindex.go}, {@code Lookup}): who asks for it is about to call one.
 */
final class AddressIndex {
    /** What a resource was encoded from. */
    private record Origin(Object record, List<String> policies) {}

    private record Entry(Origin origin, ServedResource resource) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, List<ServedResource>> byKey = new HashMap<>();

    private AddressIndex() {}

    /**
     * Indexes a state.
     *
     * @param policies the layer-4 policies, by workload uid, that chose a workload by its labels
     * @param before an earlier index, of which unchanged resources are kept; null if there is none
     */
    static AddressIndex of(MeshState state, Map<String, List<String>> policies, @Nullable AddressIndex before) {
        AddressIndex index = new AddressIndex();
        Map<String, List<ServedResource>> behind = new HashMap<>();
        for (Member member : state.members().values()) {
            Workload workload = member.workload();
            Origin origin = new Origin(workload, policies.getOrDefault(workload.uid(), List.of()));
            ServedResource resource = index.add(workload.uid(), workload.addresses(), origin, before);
            for (String service : workload.services().keySet()) {
                behind.computeIfAbsent(service, key -> new ArrayList<>()).add(resource);
            }
        }
        for (Service service : state.services().values()) {
            index.add(service.key(), service.addresses(), new Origin(service, List.of()), before);
            List<ServedResource> workloads = behind.getOrDefault(service.key(), List.of());
            index.key(service.key()).addAll(workloads);
            for (InetAddress address : service.addresses()) {
                index.key(address).addAll(workloads);
            }
        }
        return index;
    }

    private ServedResource add(String name, List<InetAddress> addresses, Origin origin, @Nullable AddressIndex before) {
        Entry known = before == null ? null : before.entries.get(name);
        Entry entry = known != null && known.origin().equals(origin)
                ? known
                : new Entry(origin, encode(name, addresses, origin));
        entries.put(name, entry);
        key(name).add(entry.resource());
        for (InetAddress address : addresses) {
            key(address).add(entry.resource());
        }
        return entry.resource();
    }

    private static ServedResource encode(String name, List<InetAddress> addresses, Origin origin) {
        List<String> aliases = addresses.stream()
                .map(address -> ResourceNames.address(ResourceNames.DEFAULT_NETWORK, address))
                .toList();
        return Encoded.resource(
                name,
                aliases,
                ResourceType.ADDRESS.url(),
                origin.record() instanceof Workload workload
                        ? AddressCodec.encode(workload, origin.policies())
                        : AddressCodec.encode((Service) origin.record()));
    }

    private List<ServedResource> key(InetAddress address) {
        return key(ResourceNames.address(ResourceNames.DEFAULT_NETWORK, address));
    }

    private List<ServedResource> key(String key) {
        return byKey.computeIfAbsent(key, absent -> new ArrayList<>());
    }

    List<ServedResource> find(String key) {
        return byKey.getOrDefault(key, List.of());
    }

    Collection<ServedResource> all() {
        return entries.values().stream().map(Entry::resource).toList();
    }
}
