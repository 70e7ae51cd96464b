package io.tanja.control.state;

import io.tanja.model.api.ApiObject;
import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.api.Deployment;
import io.tanja.model.api.EndpointSlice;
import io.tanja.model.api.ModuleConfig;
import io.tanja.model.api.Namespace;
import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.api.Pod;
import io.tanja.model.api.Service;
import io.tanja.model.api.ServiceAccount;
import io.tanja.model.module.Deckhouse;
import io.tanja.model.validate.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Builds one {@link MeshState}. Used by one thread, once. */
public final class MeshStateBuilder {
    /** Where two services declare one workload port, the older one decides, as in Istio. */
    private static final Comparator<Service> OLDEST = Comparator.<Service, Instant>comparing(
                    service -> Objects.requireNonNullElse(service.meta().creationTimestamp(), Instant.MIN))
            .thenComparing(Service::name);

    private final List<ModuleConfig> configs = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private final List<EndpointSlice> slices = new ArrayList<>();
    private final List<Service> declared = new ArrayList<>();
    private final List<PeerAuthentication> authentication = new ArrayList<>();
    private final List<AuthorizationPolicy> authorization = new ArrayList<>();
    private final SortedSet<String> injected = new TreeSet<>();
    private final SortedMap<String, Map<String, String>> namespaces = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private MeshStateBuilder() {}

    /**
     * Builds the state.
     *
     * @param objects the objects; no two have the same kind, namespace and name
     * @param before the state until now, or null: what is not understood in the settings leaves its settings in force
     */
    public static MeshState build(List<ApiObject> objects, MeshOptions options, @Nullable MeshState before) {
        MeshStateBuilder builder = new MeshStateBuilder();
        objects.forEach(builder::take);
        return builder.build(options, before == null ? MeshSettings.DEFAULT : before.settings());
    }

    private void take(ApiObject object) {
        switch (object) {
            case Namespace n -> {
                namespaces.put(n.meta().name(), n.meta().labels());
                if ("enabled".equals(n.meta().labels().get("istio-injection"))) {
                    injected.add(n.meta().name());
                }
            }
            case Pod p -> pods.add(p);
            case Service s -> declared.add(s);
            case EndpointSlice e -> slices.add(e);
            case ModuleConfig m -> configs.add(m);
            case PeerAuthentication p -> authentication.add(p);
            case AuthorizationPolicy a -> authorization.add(a);
            case ServiceAccount _, Deployment _ -> {}
        }
    }

    private MeshState build(MeshOptions options, MeshSettings before) {
        boolean deckhouse =
                namespaces.entrySet().stream().anyMatch(each -> Deckhouse.serves(each.getKey(), each.getValue()));
        MeshSettings settings = MeshSettings.of(configs, before, options, deckhouse, problems);
        SortedMap<String, io.tanja.model.mesh.Service> services = new TreeMap<>();
        Map<String, List<ServiceEntry>> byNamespace = new HashMap<>();
        declared.sort(OLDEST);
        for (Service service : declared) {
            if (ServiceEntry.served(service)) {
                ServiceEntry entry = ServiceEntry.of(service);
                services.put(entry.service().key(), entry.service());
                byNamespace
                        .computeIfAbsent(service.meta().namespace(), namespace -> new ArrayList<>())
                        .add(entry);
            }
        }
        WorkloadModes modes = new WorkloadModes(options.rootNamespace(), settings, authentication);
        MemberBuilder members = new MemberBuilder(options, modes, problems);
        SortedMap<String, Member> byUid = new TreeMap<>();
        for (Pod pod : pods) {
            if (!over(pod)) {
                Member member =
                        members.build(pod, byNamespace.getOrDefault(pod.meta().namespace(), List.of()));
                if (member != null) {
                    byUid.put(member.workload().uid(), member);
                }
            }
        }
        addManualEndpoints(options, byNamespace, byUid);
        problems.addAll(modes.problems());
        tellOfSidecarsThatAreLeft(settings);
        authorization.sort(Comparator.comparing(AuthorizationPolicy::name));
        return new MeshState(options, settings, injected, namespaces, byUid, services, authorization, problems);
    }

    private void addManualEndpoints(
            MeshOptions options, Map<String, List<ServiceEntry>> services, Map<String, Member> members) {
        ManualEndpoints endpoints = new ManualEndpoints(options, members);
        for (EndpointSlice slice : slices) {
            for (ServiceEntry entry : services.getOrDefault(slice.meta().namespace(), List.of())) {
                boolean byHand = entry.declared().selector().isEmpty();
                if (byHand && entry.declared().meta().name().equals(slice.service())) {
                    endpoints.add(entry, slice);
                }
            }
        }
    }

    private static boolean over(Pod pod) {
        return switch (pod.status().phase()) {
            case "Succeeded", "Failed" -> true;
            default -> false;
        };
    }

    private void tellOfSidecarsThatAreLeft(MeshSettings settings) {
        long sidecars = pods.stream().filter(PodLabels::hasSidecar).count();
        if (!settings.enabled() && !settings.givesWay() && sidecars > 0) {
            problems.add(new Problem(
                    Problem.Severity.WARNING,
                    "",
                    0,
                    "ModuleConfig istio",
                    "spec.enabled",
                    "the mesh is off; pods with a sidecar are served on: " + sidecars,
                    "add a ModuleConfig istio with spec.enabled: true, or restart their workloads to be rid of them"));
        }
    }
}
