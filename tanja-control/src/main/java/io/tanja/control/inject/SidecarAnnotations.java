package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.tanja.control.inject.SidecarChoices.ReadinessTimes;
import io.tanja.model.inject.CaptureScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads Istio's annotations of one pod ({@code pkg/kube/inject/validate.go}, {@code annotation/annotations.yaml}). Pure. */
final class SidecarAnnotations {
    private static final String SIDECAR = "sidecar.istio.io/";
    private static final String READINESS = "readiness.status.sidecar.istio.io/";
    /** What Istio gives its sidecar; a mesh is moved without other quotas. */
    private static final ResourceRequirements STANDARD = new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity("100m"))
            .addToRequests("memory", new Quantity("128Mi"))
            .addToLimits("cpu", new Quantity("2"))
            .addToLimits("memory", new Quantity("1Gi"))
            .build();

    private static final String LOG_LEVEL = SIDECAR + "logLevel";
    /** Istio's levels are Envoy's; ours have no more than an error. */
    private static final Map<String, String> LEVELS = Map.of(
            "trace",
            "trace",
            "debug",
            "debug",
            "info",
            "info",
            "warning",
            "warn",
            "warn",
            "warn",
            "error",
            "error",
            "critical",
            "error",
            "off",
            "error");

    private final AnnotationValues values;
    private final InjectionSettings settings;

    private SidecarAnnotations(AnnotationValues values, InjectionSettings settings) {
        this.values = values;
        this.settings = settings;
    }

    /** Reads them; what is wrong or has no effect is added to the problems of {@code values}. */
    static SidecarChoices read(AnnotationValues values, InjectionSettings settings) {
        return new SidecarAnnotations(values, settings).read();
    }

    private SidecarChoices read() {
        UnservedAnnotations.report(values);
        ProxyConfigAnnotation config =
                ProxyConfigAnnotation.read(values, settings.defaults().hold());
        List<String> flags = new ArrayList<>(config.proxyFlags());
        if (settings.defaults().http10()) {
            flags.add("--http10=on");
        }
        String level = values.text(LOG_LEVEL, "");
        if (!level.isEmpty()) {
            String ours = LEVELS.get(level);
            if (ours == null) {
                values.wrong(LOG_LEVEL, level, "is not a level", "write trace, debug, info, warning or error");
            } else {
                flags.add("--log-level=" + ours);
            }
        }
        return new SidecarChoices(
                values.text(SIDECAR + "proxyImage", settings.image()),
                values.truth(SIDECAR + "nativeSidecar", settings.nativeSidecars()),
                config.hold(),
                values.truth(SIDECAR + "rewriteAppHTTPProbers", true),
                CaptureScope.read(
                        values.object(),
                        values.annotations(),
                        settings.defaults().scope(),
                        values.problems()),
                MergedMetrics.read(values),
                flags,
                resources(),
                new ReadinessTimes(
                        values.number(
                                READINESS + "initialDelaySeconds", ReadinessTimes.DEFAULT.initialDelaySeconds(), 0),
                        values.number(READINESS + "periodSeconds", ReadinessTimes.DEFAULT.periodSeconds(), 1),
                        values.number(READINESS + "failureThreshold", ReadinessTimes.DEFAULT.failureThreshold(), 1)));
    }

    /** One annotation of the four switches the defaults of all off, as in Istio. */
    private ResourceRequirements resources() {
        Map<String, Quantity> requests = new TreeMap<>();
        Map<String, Quantity> limits = new TreeMap<>();
        put(requests, "cpu", values.quantity(SIDECAR + "proxyCPU"));
        put(requests, "memory", values.quantity(SIDECAR + "proxyMemory"));
        put(limits, "cpu", values.quantity(SIDECAR + "proxyCPULimit"));
        put(limits, "memory", values.quantity(SIDECAR + "proxyMemoryLimit"));
        return requests.isEmpty() && limits.isEmpty()
                ? STANDARD
                : new ResourceRequirementsBuilder()
                        .withRequests(requests)
                        .withLimits(limits)
                        .build();
    }

    private static void put(Map<String, Quantity> quantities, String name, @Nullable Quantity quantity) {
        if (quantity != null) {
            quantities.put(name, quantity);
        }
    }
}
