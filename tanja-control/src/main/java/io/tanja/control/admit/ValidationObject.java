package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperationsBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.tanja.control.inject.InjectionSettings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The registration {@code tanja-validator}: one webhook for the mesh's kinds. Pure.
 *
 * <p>{@code failurePolicy} is Ignore, other than Istio's Fail: what an unanswered review lets in is checked again when it is
 * read, is not in force with an error, and says so in its status. A cluster whose control plane is away can so be repaired by
 * the objects that would repair it.
 */
final class ValidationObject {
    static final String NAME = "tanja-validator";
    /** Where the API server calls; Istio's path. */
    static final String PATH = "/validate";

    private static final int SERVICE_PORT = 443;
    /** Nobody waits long for a check that is made again. */
    private static final int TIMEOUT_SECONDS = 3;

    private ValidationObject() {}

    /**
     * The object as it should be.
     *
     * @param roots what the webhook's certificate is verified with, PEM
     */
    static ValidatingWebhookConfiguration of(String roots, String systemNamespace) {
        // All fields are written, also those with a default: what is compared is what the API server returns.
        return new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(NAME)
                .addToLabels("app.kubernetes.io/name", "tanja")
                .addToLabels("app.kubernetes.io/managed-by", "tanja-control")
                .endMetadata()
                .addNewWebhook()
                .withName("validation.tanja.io")
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
                .withRules(
                        rule(
                                "security.istio.io",
                                "Namespaced",
                                new String[] {"v1", "v1beta1"},
                                "peerauthentications",
                                "authorizationpolicies"),
                        rule("deckhouse.io", "Cluster", new String[] {"v1alpha1"}, "moduleconfigs"))
                .withFailurePolicy("Ignore")
                // As it is read: an object in another version is asked about in the one that is listed.
                .withMatchPolicy("Equivalent")
                .withSideEffects("None")
                .withTimeoutSeconds(TIMEOUT_SECONDS)
                .endWebhook()
                .build();
    }

    private static RuleWithOperations rule(String group, String scope, String[] versions, String... resources) {
        return new RuleWithOperationsBuilder()
                .withApiGroups(group)
                .withApiVersions(versions)
                .withOperations("CREATE", "UPDATE")
                .withResources(resources)
                .withScope(scope)
                .build();
    }
}
