package io.tanja.xds.fake;

import io.tanja.xds.ads.client.Received;
import io.tanja.xds.ads.client.ResourceListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it is told, as a user of the client would. Safe for use by any thread. */
public final class Recorder<T> implements ResourceListener<T> {
    private final Map<String, T> known = new ConcurrentHashMap<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void onUpdate(Received<T> resource) {
        known.put(resource.name(), resource.value());
        events.add("update " + resource.name());
    }

    @Override
    public void onRemoved(String name) {
        known.remove(name);
        events.add("removed " + name);
    }

    @Override
    public void onRejected(String name, List<String> aliases, String reason) {
        events.add("rejected " + name);
    }

    @Override
    public void onApplied() {
        events.add("applied");
    }

    @Override
    public void onFirstResponse() {
        events.add("first");
    }

    /** What is known now, by name. */
    public Map<String, T> known() {
        return Map.copyOf(known);
    }

    /** Everything that was told, in order. */
    public List<String> events() {
        return List.copyOf(events);
    }
}
