package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.tanja.control.inject.InjectionSettings;
import io.tanja.model.inject.Injection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The registration {@code tanja-sidecar-injector}: four webhooks as Istio's for the default revision
 * ({@code templates/mutatingwebhook.yaml}), of which at most one is called for a pod. Each excludes by name the namespaces
 * that are never injected, so that a cluster can heal itself when the control plane cannot answer. Pure.
 *
 * <p>While the ModuleConfig is enabled, {@code failurePolicy} is Fail: no answer, no pod. While it is not, pods start without
 * a sidecar whether or not there is an answer (Ignore), and an answer tells so as a warning.
 */
final class WebhookObject {
    static final String NAME = "tanja-sidecar-injector";
    /** Where the API server calls; Istio's path. */
    static final String PATH = "/inject";

    private static final String DOMAIN = ".sidecar-injector.tanja.io";
    private static final int SERVICE_PORT = 443;
    /** Also while the mesh is off: it may be switched on in this moment, and a pod that is not waited for starts without. */
    private static final int TIMEOUT_SECONDS = 10;

    private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    private final String roots;
    private final String systemNamespace;
    private final boolean enabled;

    private WebhookObject(String roots, String systemNamespace, boolean enabled) {
        this.roots = roots;
        this.systemNamespace = systemNamespace;
        this.enabled = enabled;
    }

    /**
     * The object as it should be.
     *
     * @param roots what the webhooks' certificate is verified with, PEM
     * @param enabled whether the ModuleConfig is
     */
    static MutatingWebhookConfiguration of(String roots, String systemNamespace, boolean enabled) {
        return new WebhookObject(roots, systemNamespace, enabled).build();
    }

    private MutatingWebhookConfiguration build() {
        return new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(NAME)
                .addToLabels("app.kubernetes.io/name", "tanja")
                .addToLabels("app.kubernetes.io/managed-by", "tanja-control")
                .endMetadata()
                .withWebhooks(List.of(
                        webhook(
                                "rev.namespace",
                                namespaces()
                                        .addNewMatchExpression()
                                        .withKey(Injection.REVISION)
                                        .withOperator("In")
                                        .withValues(Injection.DEFAULT_REVISION)
                                        .endMatchExpression()
                                        .addNewMatchExpression()
                                        .withKey(Injection.NAMESPACE_LABEL)
                                        .withOperator("DoesNotExist")
                                        .endMatchExpression(),
                                unlessOptedOut()),
                        webhook(
                                "rev.object",
                                unlabelled(),
                                unlessOptedOut()
                                        .addNewMatchExpression()
                                        .withKey(Injection.REVISION)
                                        .withOperator("In")
                                        .withValues(Injection.DEFAULT_REVISION)
                                        .endMatchExpression()),
                        webhook(
                                "namespace",
                                namespaces()
                                        .addNewMatchExpression()
                                        .withKey(Injection.NAMESPACE_LABEL)
                                        .withOperator("In")
                                        .withValues("enabled")
                                        .endMatchExpression(),
                                unlessOptedOut()),
                        webhook(
                                "object",
                                unlabelled(),
                                new LabelSelectorBuilder()
                                        .addNewMatchExpression()
                                        .withKey(Injection.INJECT)
                                        .withOperator("In")
                                        .withValues("true")
                                        .endMatchExpression()
                                        .addNewMatchExpression()
                                        .withKey(Injection.REVISION)
                                        .withOperator("DoesNotExist")
                                        .endMatchExpression())))
                .build();
    }

    private MutatingWebhook webhook(String name, LabelSelectorBuilder namespaces, LabelSelectorBuilder pods) {
        LabelSelector namespaceSelector = namespaces.build();
        // All fields are written, also those with a default: what is compared is what the API server returns.
        return new MutatingWebhookBuilder()
                .withName(name + DOMAIN)
                .withAdmissionReviewVersions("v1")
                .withNewClientConfig()
                .withCaBundle(Base64.getEncoder().encodeToString(roots.getBytes(StandardCharsets.UTF_8)))
                .withNewService()
                .withName(InjectionSettings.CONTROL_SERVICE)
                .withNamespace(systemNamespace)
                .withPath(PATH)
                .withPort(SERVICE_PORT)
                .endService()
                .endClientConfig()
                .addNewRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CREATE")
                .withResources("pods")
                .withScope("*")
                .endRule()
                .withFailurePolicy(enabled ? "Fail" : "Ignore")
                .withMatchPolicy("Equivalent")
                .withSideEffects("None")
                .withReinvocationPolicy("Never")
                .withTimeoutSeconds(TIMEOUT_SECONDS)
                .withNamespaceSelector(namespaceSelector)
                .withObjectSelector(pods.build())
                .build();
    }

    private LabelSelectorBuilder namespaces() {
        return new LabelSelectorBuilder()
                .addNewMatchExpression()
                .withKey(NAMESPACE_NAME)
                .withOperator("NotIn")
                .withValues(List.copyOf(Injection.never(systemNamespace)).stream()
                        .sorted()
                        .toList())
                .endMatchExpression();
    }

    private LabelSelectorBuilder unlabelled() {
        return namespaces()
                .addNewMatchExpression()
                .withKey(Injection.NAMESPACE_LABEL)
                .withOperator("DoesNotExist")
                .endMatchExpression()
                .addNewMatchExpression()
                .withKey(Injection.REVISION)
                .withOperator("DoesNotExist")
                .endMatchExpression();
    }

    private static LabelSelectorBuilder unlessOptedOut() {
        return new LabelSelectorBuilder()
                .addNewMatchExpression()
                .withKey(Injection.INJECT)
                .withOperator("NotIn")
                .withValues("false")
                .endMatchExpression();
    }
}
