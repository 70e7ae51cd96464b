package io.tanja.proxy.observe;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Counters for every pair of a direction and a value of a closed catalogue, such as the reasons of a refusal. All counters
 * are there from the start, so the maps are only read. Safe for use by many threads.
 */
final class Tally<E extends Enum<E>> {
    private final Map<E, AtomicLong> inbound;
    private final Map<E, AtomicLong> outbound;

    Tally(Class<E> catalogue) {
        inbound = new EnumMap<>(catalogue);
        outbound = new EnumMap<>(catalogue);
        for (E value : catalogue.getEnumConstants()) {
            inbound.put(value, new AtomicLong());
            outbound.put(value, new AtomicLong());
        }
    }

    void increment(Direction direction, E value) {
        AtomicLong count = (direction == Direction.INBOUND ? inbound : outbound).get(value);
        if (count != null) {
            count.getAndIncrement();
        }
    }

    /** Writes the counters that are not zero. */
    void write(Exposition out, String name, Function<E, String> label) {
        write(out, name, label, inbound, "inbound");
        write(out, name, label, outbound, "outbound");
    }

    private static <E> void write(
            Exposition out, String name, Function<E, String> label, Map<E, AtomicLong> counts, String direction) {
        for (Map.Entry<E, AtomicLong> each : counts.entrySet()) {
            long count = each.getValue().get();
            if (count > 0) {
                Labels labels = new Labels().add("reason", label.apply(each.getKey()));
                out.sample(name, labels.add("direction", direction).toString(), count);
            }
        }
    }
}
