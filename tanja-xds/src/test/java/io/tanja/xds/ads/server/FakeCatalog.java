package io.tanja.xds.ads.server;

import com.google.protobuf.ByteString;
import io.tanja.model.identity.SpiffeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A catalog of one type whose resources are texts; each change makes a new one. */
public final class FakeCatalog implements Catalog {
    /** The one type that it serves. */
    public static final String TYPE = "type.googleapis.com/test.Text";

    private final String version;
    private final Map<String, ServedResource> resources;
    private final Map<String, List<String>> keys;
    private final Map<String, String> refusals;

    private FakeCatalog(
            String version,
            Map<String, ServedResource> resources,
            Map<String, List<String>> keys,
            Map<String, String> refusals) {
        this.version = version;
        this.resources = resources;
        this.keys = keys;
        this.refusals = refusals;
    }

    /** A catalog without resources. */
    public static FakeCatalog version(String version) {
        return new FakeCatalog(version, Map.of(), Map.of(), Map.of());
    }

    /** The same under another version of the state. */
    public FakeCatalog at(String next) {
        return new FakeCatalog(next, resources, keys, refusals);
    }

    /** With a resource; its version is the text. */
    public FakeCatalog with(String name, String text) {
        Map<String, ServedResource> next = new LinkedHashMap<>(resources);
        next.put(name, ServedResource.of(name, List.of(), text, TYPE, ByteString.copyFromUtf8(text)));
        return new FakeCatalog(version, next, keys, refusals);
    }

    /** Without a resource. */
    public FakeCatalog without(String name) {
        Map<String, ServedResource> next = new LinkedHashMap<>(resources);
        next.remove(name);
        return new FakeCatalog(version, next, keys, refusals);
    }

    /** With a key that stands for resources. */
    public FakeCatalog key(String key, String... names) {
        Map<String, List<String>> next = new LinkedHashMap<>(keys);
        next.put(key, List.of(names));
        return new FakeCatalog(version, resources, next, refusals);
    }

    /** With a key that nobody may read. */
    public FakeCatalog refusing(String key, String reason) {
        Map<String, String> next = new LinkedHashMap<>(refusals);
        next.put(key, reason);
        return new FakeCatalog(version, resources, keys, next);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Collection<ServedResource> all(String typeUrl) {
        return typeUrl.equals(TYPE) ? resources.values() : List.of();
    }

    @Override
    public List<ServedResource> find(String typeUrl, String key) {
        List<ServedResource> found = new ArrayList<>();
        for (String name : keys.getOrDefault(key, List.of(key))) {
            ServedResource resource = resources.get(name);
            if (resource != null && typeUrl.equals(TYPE)) {
                found.add(resource);
            }
        }
        return found;
    }

    @Override
    public @Nullable String refusal(SpiffeId caller, String typeUrl, String key) {
        return refusals.get(key);
    }
}
