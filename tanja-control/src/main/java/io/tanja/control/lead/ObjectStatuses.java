package io.tanja.control.lead;

import io.tanja.control.push.Publisher.Published;
import io.tanja.control.source.Declared;
import io.tanja.control.state.MeshState;
import io.tanja.model.module.Deckhouse;
import io.tanja.model.module.ModuleSettings;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the statuses of the mesh's objects should say. Pure. */
final class ObjectStatuses {
    /** Messages of conditions are at most this long ({@code metav1.Condition}). */
    private static final int MAX_MESSAGE = 32_768;

    private static final String MODULE = "ModuleConfig";

    private final Published published;
    private final Map<String, PolicyReach> reach;

    private ObjectStatuses(Published published, Map<String, PolicyReach> reach) {
        this.published = published;
        this.reach = reach;
    }

    /**
     * Says it of all objects.
     *
     * @param reach at how many proxies each policy is in force
     */
    static List<DeclaredStatus> of(Published published, Map<String, PolicyReach> reach) {
        ObjectStatuses statuses = new ObjectStatuses(published, reach);
        boolean givesWay = published.catalog().state().settings().givesWay();
        return published.declared().stream()
                .filter(object -> !givesWay || object.kind().equals(MODULE))
                .map(statuses::status)
                .toList();
    }

    private DeclaredStatus status(Declared object) {
        List<Problem> problems = Stream.concat(
                        object.problems().stream(), published.catalog().state().problems().stream())
                .filter(problem -> problem.object().equals(object.id()))
                .distinct()
                .toList();
        boolean module = object.kind().equals(MODULE);
        return new DeclaredStatus(object, module ? module(object, problems) : policy(object, problems));
    }

    private List<Condition> policy(Declared object, List<Problem> problems) {
        boolean refused = problems.stream().anyMatch(Problem::isError);
        String what = sentences(object, problems);
        Condition accepted = new Condition(
                "Accepted",
                !refused,
                refused ? "Invalid" : problems.isEmpty() ? "Valid" : "Warnings",
                problems.isEmpty() ? "it is sound" : what);
        List<Condition> all = new ArrayList<>(List.of(accepted));
        if (refused) {
            all.add(new Condition(
                    "InForce",
                    false,
                    object.good() == null ? "Refused" : "OlderContent",
                    object.good() == null ? "no content of it is" : "its last good content is"));
        } else {
            all.add(inForce(reach.getOrDefault(object.id(), PolicyReach.NONE)));
        }
        return all;
    }

    private static Condition inForce(PolicyReach reach) {
        boolean everywhere = reach.current() >= reach.proxies();
        String reason = reach.proxies() == 0 ? "NoProxy" : everywhere ? "Everywhere" : "Pending";
        int current = Math.min(reach.current(), reach.proxies());
        return new Condition("InForce", everywhere, reason, "at " + current + " of " + reach.proxies() + " proxies");
    }

    private List<Condition> module(Declared object, List<Problem> problems) {
        MeshState state = published.catalog().state();
        boolean refused = object.problems().stream().anyMatch(Problem::isError);
        long sidecars = state.meshed();
        Condition ready;
        if (state.settings().givesWay()) {
            ready = new Condition(
                    "Ready",
                    false,
                    "ServedByDeckhouse",
                    "Deckhouse serves the module, in namespace " + Deckhouse.NAMESPACE
                            + "; this mesh adds no sidecar and writes nothing else. Disable one of the two, or start"
                            + " this control plane with --beside-deckhouse");
        } else if (refused) {
            ready = new Condition("Ready", false, "Invalid", sentences(object, object.problems()));
        } else if (state.settings().enabled()) {
            ready = new Condition(
                    "Ready", true, "Enabled", "new pods get sidecars where asked for; " + sidecars + " pods have one");
        } else {
            ready = new Condition(
                    "Ready",
                    false,
                    "Disabled",
                    sidecars == 0
                            ? "new pods get no sidecar, and no pod has one"
                            : "new pods get no sidecar; " + sidecars
                                    + " pods still have a sidecar and are served until they are restarted");
        }
        List<Problem> settings = problems.stream()
                .filter(problem -> problem.field().startsWith("spec.settings")
                        || problem.field().equals("spec.version"))
                .toList();
        Condition served = new Condition(
                "SettingsServed",
                settings.isEmpty(),
                settings.isEmpty()
                        ? "AllServed"
                        : settings.stream().anyMatch(Problem::isError) ? "NotUnderstoodOrRefused" : "NotServed",
                settings.isEmpty()
                        ? "all settings are those of version " + ModuleSettings.VERSION + " that are served"
                        : sentences(object, settings));
        return List.of(ready, served);
    }

    /** Without the object's name, which the reader sees. */
    private static String sentences(Declared object, List<Problem> problems) {
        String all = problems.stream()
                .map(Problem::sentence)
                .map(sentence -> sentence.startsWith(object.id())
                        ? sentence.substring(object.id().length()).replaceFirst("^[: ]+", "")
                        : sentence)
                .collect(Collectors.joining(". "));
        return all.length() <= MAX_MESSAGE ? all : all.substring(0, MAX_MESSAGE);
    }
}
