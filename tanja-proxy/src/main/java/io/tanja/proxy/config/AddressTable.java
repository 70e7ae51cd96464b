package io.tanja.proxy.config;

import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.Workload;
import io.tanja.xds.codec.AddressResource;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of addresses at one moment. Immutable but for the marks of use in its {@link Ask}s. */
final class AddressTable {
    static final AddressTable EMPTY = new AddressTable(Map.of());

    private final Map<InetAddress, Entry> entries;

    private AddressTable(Map<InetAddress, Entry> entries) {
        this.entries = entries;
    }

    /**
     * One address.
     *
     * @param lookup what it is
     * @param ask the question that keeps it up to date; null if it came along with the answer to another
     */
    private record Entry(Lookup lookup, @Nullable Ask ask) {}

    /** Makes the table of everything received, and of the absences that were told. */
    static AddressTable of(Collection<AddressResource> resources, Map<InetAddress, Ask> asked) {
        Map<String, List<Workload>> backing = new HashMap<>();
        for (AddressResource each : resources) {
            if (each instanceof AddressResource.OfWorkload of) {
                for (Map.Entry<String, List<PortMapping>> service :
                        of.workload().services().entrySet()) {
                    backing.computeIfAbsent(service.getKey(), k -> new ArrayList<>())
                            .add(of.workload());
                }
            }
        }
        Map<InetAddress, Entry> entries = new HashMap<>();
        for (Map.Entry<InetAddress, Ask> each : asked.entrySet()) {
            if (each.getValue().absent()) {
                entries.put(each.getKey(), new Entry(new Lookup.NotInMesh(), each.getValue()));
            }
        }
        for (AddressResource each : resources) {
            switch (each) {
                case AddressResource.OfWorkload of ->
                    enter(entries, of.workload().addresses(), new Lookup.WorkloadHit(of.workload()), asked);
                case AddressResource.OfService of -> enter(entries, of.service().addresses(), hit(of, backing), asked);
            }
        }
        return new AddressTable(entries);
    }

    private static Lookup hit(AddressResource.OfService of, Map<String, List<Workload>> backing) {
        Service service = of.service();
        return new Lookup.ServiceHit(service, backing.getOrDefault(service.key(), List.of()));
    }

    private static void enter(
            Map<InetAddress, Entry> entries, List<InetAddress> addresses, Lookup lookup, Map<InetAddress, Ask> asked) {
        for (InetAddress address : addresses) {
            // A pod that ended may still be listed beside the one that has got its address: a ready one wins.
            Entry before = entries.get(address);
            if (!ready(lookup) && before != null && ready(before.lookup)) {
                continue;
            }
            entries.put(address, new Entry(lookup, asked.get(address)));
        }
    }

    private static boolean ready(Lookup lookup) {
        return lookup instanceof Lookup.WorkloadHit hit && hit.workload().ready();
    }

    /** As {@link #lookup}, without a mark of use. */
    @Nullable
    Lookup peek(InetAddress address) {
        Entry entry = entries.get(address);
        return entry == null ? null : entry.lookup;
    }

    /** What an address is, or null if it is not known. Marks the address as used. */
    @Nullable
    Lookup lookup(InetAddress address) {
        Entry entry = entries.get(address);
        if (entry == null) {
            return null;
        }
        if (entry.ask != null) {
            entry.ask.use();
        }
        return entry.lookup;
    }

    int size() {
        return entries.size();
    }
}
