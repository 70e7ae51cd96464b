package io.tanja.control.source.kubernetes;

import io.tanja.control.source.Declared;
import io.tanja.control.watch.Json;
import io.tanja.control.watch.WatchSink;
import io.tanja.control.watch.WatchedKind;
import io.tanja.model.api.ApiObject;
import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.validate.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind. Written by its watch's one thread, which calls back when something that the mesh reads has
 * changed; read by the source's thread.
 */
final class KindTable implements WatchSink {
    /** How objects of the API tell where they come from. */
    static final String ORIGIN = "kubernetes";
    /** How long a kind may be out of sight before it is told. */
    static final Duration PATIENCE = Duration.ofSeconds(5);
    /** How long a kind whose objects are known must be gone before they are given up: nobody deletes these by mistake. */
    static final Duration CONFIRM_ABSENT = Duration.ofSeconds(30);

    private final WatchedKind kind;
    private final InstantSource clock;
    private final Runnable changed;
    private Map<String, Known> known = new TreeMap<>();
    private Map<String, Known> next = new HashMap<>();
    private String apiVersion;
    private boolean settled;
    private @Nullable Problem trouble;
    private @Nullable Instant blindSince;
    private String waitsFor = "no answer yet";

    KindTable(WatchedKind kind, InstantSource clock, Runnable changed) {
        this.kind = kind;
        this.clock = clock;
        this.changed = changed;
        this.apiVersion = kind.apiVersions().getFirst();
    }

    @Override
    public synchronized void listing() {
        next = new HashMap<>();
    }

    @Override
    public synchronized void listed(Map<String, Object> object) {
        String key = key(object);
        next.put(key, read(object, known.get(key)));
    }

    @Override
    public synchronized void listEnds(String version) {
        apiVersion = version;
        boolean first = !settled;
        settled = true;
        Map<String, Known> now = new TreeMap<>(next);
        next = new HashMap<>();
        boolean recovered = seen();
        if (first || recovered || !now.equals(known)) {
            known = now;
            changed.run();
        }
    }

    @Override
    public synchronized void changed(Map<String, Object> object) {
        String key = key(object);
        Known now = read(object, known.get(key));
        if (!now.equals(known.put(key, now))) {
            changed.run();
        }
    }

    @Override
    public synchronized void deleted(Map<String, Object> object) {
        if (known.remove(key(object)) != null) {
            changed.run();
        }
    }

    @Override
    public synchronized void absent() {
        Instant now = clock.instant();
        if (blindSince == null) {
            blindSince = now;
        }
        boolean givenUp = !known.isEmpty() && !now.isBefore(blindSince.plus(CONFIRM_ABSENT));
        if (givenUp) {
            known = new TreeMap<>();
        }
        boolean first = !settled;
        settled = true;
        if (trouble(missing()) || first || givenUp) {
            changed.run();
        }
    }

    @Override
    public synchronized void failing(String why) {
        waitsFor = why;
        Instant now = clock.instant();
        if (blindSince == null) {
            blindSince = now;
        } else if (trouble == null && !now.isBefore(blindSince.plus(PATIENCE)) && trouble(blind(blindSince, why))) {
            changed.run();
        }
    }

    @Override
    public synchronized void following() {
        if (seen()) {
            changed.run();
        }
    }

    /** Whether all of the kind's objects are known, or that there are none. */
    synchronized boolean settled() {
        return settled;
    }

    /** What keeps it from being settled, for people. */
    synchronized String waitsFor() {
        return kind.resource() + " (" + waitsFor + ")";
    }

    /** Adds what is in force, what is wrong, and what there is of a kind of the mesh. */
    synchronized void addTo(List<ApiObject> objects, List<Problem> problems, List<Declared> declared) {
        if (trouble != null) {
            problems.add(trouble);
        }
        known.forEach((key, object) -> {
            problems.addAll(object.problems());
            if (object.good() != null) {
                objects.add(object.good());
            }
            if (!kind.builtIn()) {
                declared.add(declared(key, object));
            }
        });
    }

    private Declared declared(String key, Known object) {
        int slash = key.indexOf('/');
        return new Declared(
                apiVersion,
                kind.kind(),
                kind.plural(),
                key.substring(0, slash),
                key.substring(slash + 1),
                object.uid(),
                object.generation(),
                object.good(),
                object.problems());
    }

    private boolean seen() {
        blindSince = null;
        return trouble(null);
    }

    private boolean trouble(@Nullable Problem now) {
        boolean other = now == null ? trouble != null : !now.equals(trouble);
        trouble = now;
        return other;
    }

    private Known read(Map<String, Object> object, @Nullable Known before) {
        Map<String, Object> tree = kind.kind().equals("Pod") ? PodExcerpt.of(object) : object;
        Map<String, Object> meta = Json.map(object, "metadata");
        String uid = Json.text(meta, "uid");
        long generation = !kind.builtIn() && meta.get("generation") instanceof Number number ? number.longValue() : 0;
        return Known.of(uid, generation, ManifestReader.read(ORIGIN, tree, apiVersion, kind.kind()), before);
    }

    private static String key(Map<String, Object> object) {
        Map<String, Object> meta = Json.map(object, "metadata");
        return Json.text(meta, "namespace") + "/" + Json.text(meta, "name");
    }

    private Problem missing() {
        return new Problem(
                Problem.Severity.WARNING,
                ORIGIN,
                0,
                "CustomResourceDefinition " + kind.resource(),
                "",
                "is not installed" + (known.isEmpty() ? "" : " any more, its objects stay in force for now"),
                "run tanja install, which brings it; the control plane picks it up by itself");
    }

    private Problem blind(Instant since, String why) {
        return new Problem(
                Problem.Severity.ERROR,
                ORIGIN,
                0,
                kind.resource(),
                "",
                "cannot be watched since " + since + ": " + why,
                "make the API server reachable and allow the control plane to list and watch it; until then the last"
                        + " known state stays in force");
    }
}
