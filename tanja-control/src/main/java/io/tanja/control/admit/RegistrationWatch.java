package io.tanja.control.admit;

import io.tanja.control.watch.Json;
import io.tanja.control.watch.WatchSink;
import io.tanja.control.watch.WatchedKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One registration of webhooks as it is. Written by the watch's thread; its lock guards it. */
final class RegistrationWatch implements WatchSink {
    private final String name;
    private final Runnable changed;
    private final Runnable registered;
    private Map<String, Object> present = Map.of();
    private Map<String, Object> next = Map.of();
    private boolean complete;

    /**
     * Makes one.
     *
     * @param name its name
     * @param changed called when the registration may be another
     * @param registered called whenever there is one
     */
    RegistrationWatch(String name, Runnable changed, Runnable registered) {
        this.name = name;
        this.changed = changed;
        this.registered = registered;
    }

    /** What is to be watched: objects of that kind with that name. */
    static WatchedKind kind(String kind, String plural, String name) {
        return new WatchedKind(
                kind,
                plural,
                List.of("admissionregistration.k8s.io/v1"),
                "fieldSelector=metadata.name%3D" + name,
                true);
    }

    /** Whether it is known not to be {@code wanted}. */
    synchronized boolean differs(Map<String, Object> wanted) {
        return complete && !covers(present, wanted);
    }

    /** Whether everything in {@code wanted} is there; of a list, every element, by its name if it has one. */
    private static boolean covers(@Nullable Object present, @Nullable Object wanted) {
        return switch (wanted) {
            case Map<?, ?> map ->
                present instanceof Map<?, ?> there
                        && map.entrySet().stream().allMatch(each -> covers(there.get(each.getKey()), each.getValue()));
            case List<?> list -> present instanceof List<?> there && coversList(there, list);
            case null, default -> Objects.equals(present, wanted);
        };
    }

    private static boolean coversList(List<?> there, List<?> wanted) {
        boolean named = wanted.stream().allMatch(each -> each instanceof Map<?, ?> map && map.containsKey("name"));
        if (named) {
            return wanted.stream().allMatch(each -> there.stream().anyMatch(other -> covers(other, each)));
        }
        if (there.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!covers(there.get(i), wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public synchronized void listing() {
        next = Map.of();
    }

    @Override
    public synchronized void listed(Map<String, Object> object) {
        next = ours(object) ? object : next;
    }

    @Override
    public synchronized void listEnds(String apiVersion) {
        present = next;
        complete = true;
        tell();
    }

    @Override
    public synchronized void changed(Map<String, Object> object) {
        if (ours(object)) {
            present = object;
            tell();
        }
    }

    private void tell() {
        if (!present.isEmpty()) {
            registered.run();
        }
        changed.run();
    }

    @Override
    public synchronized void deleted(Map<String, Object> object) {
        if (ours(object)) {
            present = Map.of();
            changed.run();
        }
    }

    @Override
    public void absent() {
        // Every API server has the kind.
    }

    @Override
    public void failing(String why) {
        // The source watches the same server, and tells.
    }

    @Override
    public void following() {
        // As above.
    }

    private boolean ours(Map<String, Object> object) {
        return Json.text(Json.map(object, "metadata"), "name").equals(name);
    }
}
