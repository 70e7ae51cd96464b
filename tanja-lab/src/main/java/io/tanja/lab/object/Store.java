package io.tanja.lab.object;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All objects of a lab. Used by the cluster's thread only. */
public final class Store {
    private final NavigableMap<ObjectKey, LabObject> objects = new TreeMap<>();
    private long revision;

    /** The object, or null. */
    public @Nullable LabObject get(ObjectKey key) {
        return objects.get(key);
    }

    /** Whether there is such an object. */
    public boolean has(ObjectKey key) {
        return objects.containsKey(key);
    }

    /** The objects of a kind, by namespace and name. */
    public List<LabObject> list(Kind kind) {
        List<LabObject> found = new ArrayList<>();
        for (LabObject object : objects.values()) {
            if (object.key().kind() == kind) {
                found.add(object);
            }
        }
        return found;
    }

    /** The objects of a kind in one namespace, by name. */
    public List<LabObject> list(Kind kind, String namespace) {
        return list(kind).stream()
                .filter(object -> object.key().namespace().equals(namespace))
                .toList();
    }

    /** All objects, ordered by kind, namespace and name. */
    public Collection<LabObject> all() {
        return Collections.unmodifiableCollection(objects.values());
    }

    /** Adds or replaces an object and gives it a new resource version. */
    public void put(LabObject object) {
        revision++;
        object.metadata().put("resourceVersion", Long.toString(revision));
        objects.put(object.key(), object);
    }

    /** Removes an object; no effect if it is not there. */
    public void remove(ObjectKey key) {
        objects.remove(key);
    }
}
