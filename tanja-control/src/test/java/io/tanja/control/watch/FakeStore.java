package io.tanja.control.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a fake API server holds, with the events that led there. All methods hold its lock. */
public final class FakeStore {
    private final Map<String, NavigableMap<String, Map<String, Object>>> kinds = new HashMap<>();
    private final Map<String, List<Event>> events = new HashMap<>();
    private long version = 100;
    private long compacted;
    private int page = Integer.MAX_VALUE;

    /** A change as watches tell it. */
    record Event(String type, long version, String key, Map<String, Object> object) {
        Map<String, Object> json() {
            return Map.of("type", type, "object", object);
        }
    }

    record Answer(int status, Map<String, Object> body) {}

    /** Serves a kind from now on. */
    public synchronized void install(String kind) {
        kinds.putIfAbsent(kind, new TreeMap<>());
        events.putIfAbsent(kind, new ArrayList<>());
    }

    /** Serves a kind no longer. */
    public synchronized void uninstall(String kind) {
        kinds.remove(kind);
        events.remove(kind);
    }

    synchronized boolean installed(String kind) {
        return kinds.containsKey(kind);
    }

    /** Lists have pages of at most this many objects. */
    public synchronized void pages(int size) {
        page = size;
    }

    /** Forgets all past events: a watch from a version before now has expired. */
    public synchronized void compact() {
        compacted = ++version;
        events.values().forEach(List::clear);
    }

    /** Creates or replaces. */
    public synchronized Map<String, Object> put(String kind, Map<String, Object> object) {
        Map<String, Object> meta = new HashMap<>(Json.map(object, "metadata"));
        String key = Json.text(meta, "namespace") + "/" + Json.text(meta, "name");
        Map<String, Object> before = of(kind).get(key);
        meta.putIfAbsent(
                "uid",
                before == null
                        ? UUID.randomUUID().toString()
                        : Json.map(before, "metadata").get("uid"));
        meta.put("resourceVersion", Long.toString(++version));
        Map<String, Object> stored = new HashMap<>(object);
        stored.put("metadata", meta);
        of(kind).put(key, stored);
        note(kind, new Event(before == null ? "ADDED" : "MODIFIED", version, key, stored));
        return stored;
    }

    /** Deletes; watches hear of it. */
    public synchronized void delete(String kind, String namespace, String name) {
        String key = namespace + "/" + name;
        Map<String, Object> gone = new HashMap<>(of(kind).remove(key));
        Map<String, Object> meta = new HashMap<>(Json.map(gone, "metadata"));
        meta.put("resourceVersion", Long.toString(++version));
        gone.put("metadata", meta);
        note(kind, new Event("DELETED", version, key, gone));
    }

    /** Sends every watch of a kind a line that is no event. */
    public synchronized void garble(String kind) {
        note(kind, new Event("NONSENSE", ++version, "", Map.of("metadata", Map.of())));
    }

    /** The object, or null. */
    public synchronized @Nullable Map<String, Object> get(String kind, String namespace, String name) {
        return of(kind).get(namespace + "/" + name);
    }

    private NavigableMap<String, Map<String, Object>> of(String kind) {
        NavigableMap<String, Map<String, Object>> objects = kinds.get(kind);
        if (objects == null) {
            throw new IllegalArgumentException(kind + " is not served");
        }
        return objects;
    }

    private void note(String kind, Event event) {
        events.getOrDefault(kind, new ArrayList<>()).add(event);
        notifyAll();
    }

    /** The events after a version; waits a moment for one. */
    synchronized List<Event> after(FakePath path, long from) throws InterruptedException {
        if (from < compacted || !installed(path.kind())) {
            Map<String, Object> gone = FakeApiServer.status(410, "too old resource version");
            return List.of(new Event("ERROR", from, "", gone));
        }
        for (int tries = 0; tries < 2 && newer(path, from).isEmpty(); tries++) {
            wait(10);
        }
        return newer(path, from);
    }

    private List<Event> newer(FakePath path, long from) {
        return events.getOrDefault(path.kind(), List.of()).stream()
                .filter(event -> event.version() > from && (event.key().isEmpty() || path.selects(event.key())))
                .toList();
    }

    /** Any request but a watch. */
    synchronized Answer answer(String method, FakePath path, @Nullable Map<String, Object> body) {
        Map<String, Object> present = of(path.kind()).get(path.key());
        return switch (method) {
            case "GET" -> path.name().isEmpty() ? list(path) : found(present);
            case "POST" -> create(path, body == null ? Map.of() : body);
            case "PUT" -> replace(path, body == null ? Map.of() : body, present);
            case "PATCH" -> apply(path, body == null ? Map.of() : body, present);
            default -> new Answer(405, FakeApiServer.status(405, method));
        };
    }

    private static Answer found(@Nullable Map<String, Object> present) {
        return present == null ? new Answer(404, FakeApiServer.status(404, "not found")) : new Answer(200, present);
    }

    private Answer list(FakePath path) {
        String from = path.parameters().getOrDefault("continue", "");
        Map<String, Object> meta = new HashMap<>();
        meta.put("resourceVersion", Long.toString(version));
        List<Map<String, Object>> items = new ArrayList<>();
        for (Map.Entry<String, Map<String, Object>> each :
                of(path.kind()).tailMap(from, false).entrySet()) {
            if (items.size() == page) {
                break;
            }
            if (path.selects(each.getKey())) {
                items.add(each.getValue());
                meta.put("continue", each.getKey().equals(of(path.kind()).lastKey()) ? "" : each.getKey());
            }
        }
        return new Answer(200, Map.of("kind", "List", "apiVersion", "v1", "metadata", meta, "items", items));
    }

    private Answer create(FakePath path, Map<String, Object> object) {
        String key = path.namespace() + "/" + Json.text(Json.map(object, "metadata"), "name");
        if (of(path.kind()).containsKey(key)) {
            return new Answer(409, FakeApiServer.status(409, "already exists"));
        }
        return new Answer(201, put(path.kind(), object));
    }

    private Answer replace(FakePath path, Map<String, Object> object, @Nullable Map<String, Object> present) {
        String expected = Json.text(Json.map(object, "metadata"), "resourceVersion");
        if (present == null) {
            return new Answer(404, FakeApiServer.status(404, "not found"));
        }
        if (!expected.isEmpty()
                && !expected.equals(Json.map(present, "metadata").get("resourceVersion"))) {
            return new Answer(409, FakeApiServer.status(409, "the object has been modified"));
        }
        return new Answer(200, put(path.kind(), object));
    }

    /** Server-side apply, as far as maps go. */
    private Answer apply(FakePath path, Map<String, Object> object, @Nullable Map<String, Object> present) {
        return new Answer(200, put(path.kind(), present == null ? object : merge(present, object)));
    }

    private static Map<String, Object> merge(Map<String, Object> into, Map<String, Object> from) {
        Map<String, Object> merged = new HashMap<>(into);
        from.forEach((field, value) -> merged.put(
                field,
                value instanceof Map && into.get(field) instanceof Map
                        ? merge(Json.map(into, field), Json.map(from, field))
                        : value));
        return merged;
    }
}
