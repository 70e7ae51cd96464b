package io.tanja.control.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationReviewerTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final ValidationReviewer REVIEWER = new ValidationReviewer("tanja-system", JSON);

    private static AdmissionResponse review(String object, String old) {
        String request = Reviews.request("shop", object).replace("\"oldObject\": null", "\"oldObject\": " + old);
        return REVIEWER.review(JSON.unmarshal(request, AdmissionReview.class).getRequest());
    }

    private static AdmissionResponse review(String object) {
        return review(object, "null");
    }

    private static String policy(String kind, String spec) {
        return "{\"apiVersion\": \"security.istio.io/v1\", \"kind\": \"" + kind
                + "\", \"metadata\": {\"name\": \"p\", \"namespace\": \"shop\"}, \"spec\": " + spec + "}";
    }

    private static String module(String name, String settings) {
        return "{\"apiVersion\": \"deckhouse.io/v1alpha1\", \"kind\": \"ModuleConfig\", \"metadata\": {\"name\": \""
                + name + "\"}, \"spec\": {\"enabled\": true, \"version\": 2, \"settings\": " + settings + "}}";
    }

    private static String refusal(String object) {
        AdmissionResponse response = review(object);
        assertThat(response.getAllowed()).isFalse();
        assertThat(response.getStatus().getCode()).isEqualTo(422);
        return response.getStatus().getMessage();
    }

    @Test
    void whatIsSoundIsLetInWithoutAWord() {
        for (String sound : new String[] {
            policy("PeerAuthentication", "{\"mtls\": {\"mode\": \"STRICT\"}}"),
            policy("AuthorizationPolicy", "{\"rules\": [{}]}"),
            module("istio", "{\"tlsMode\": \"Mutual\"}")
        }) {
            AdmissionResponse response = review(sound);
            assertThat(response.getAllowed()).as(sound).isTrue();
            assertThat(response.getWarnings()).isEmpty();
        }
    }

    @Test
    void aNameThatTheServerWillMakeUpIsNoError() {
        assertThat(review(policy("PeerAuthentication", "{}")
                                .replace("\"name\": \"p\", \"namespace\": \"shop\"", "\"generateName\": \"p-\""))
                        .getAllowed())
                .isTrue();
    }

    @Test
    void aRefusalNamesObjectFieldAndRemedy() {
        assertThat(refusal(policy("AuthorizationPolicy", "{\"action\": \"DENY\"}")))
                .isEqualTo("AuthorizationPolicy shop/p spec.rules: DENY without rules never matches;"
                        + " add a rule; an empty one, {}, matches every request");
        assertThat(refusal(policy("PeerAuthentication", "{\"mtls\": {\"mode\": \"STRIKT\"}}")))
                .contains("PeerAuthentication shop/p spec.mtls.mode", "did you mean STRICT?");
        assertThat(refusal(module("istio", "{\"tlsMode\": \"mutual\"}")))
                .contains("ModuleConfig istio spec.settings.tlsMode");
        assertThat(refusal(module("istio", "{\"ca\": {\"key\": \"SECRET\"}}")))
                .contains("Secret tanja-system/cacerts")
                .doesNotContain("SECRET");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"rules\": [{\"from\": [{\"source\": {\"ipBlocks\": [\"10.0.0.0/33\"]}}]}]}",
                "{\"rules\": [{\"when\": [{\"key\": \"no.such.key\", \"values\": [\"a\"]}]}]}",
                "{\"rules\": [{\"to\": [{\"operation\": {\"pathz\": [\"/a\"]}}]}]}",
                "[]",
            })
    void whatASchemaCannotSayIsRefused(String spec) {
        assertThat(refusal(policy("AuthorizationPolicy", spec))).startsWith("AuthorizationPolicy shop/p spec");
    }

    @Test
    void whatHasNoEffectIsAWarning() {
        AdmissionResponse response = review(module("istio", "{\"tracing\": {}}"));

        assertThat(response.getAllowed()).isTrue();
        assertThat(response.getWarnings())
                .containsExactly("ModuleConfig istio spec.settings.tracing: is not served and has no effect;"
                        + " remove it, or do without its effect");
    }

    @Test
    void anErrorThatWasThereBeforeDoesNotStandInTheWayOfAChange() {
        String before = module("istio", "{\"ca\": {\"key\": \"a\"}}");
        String off = before.replace("\"enabled\": true", "\"enabled\": false");

        AdmissionResponse response = review(off, before);
        assertThat(response.getAllowed()).isTrue();
        assertThat(response.getWarnings()).singleElement().asString().contains("spec.settings.ca.key");
        assertThat(review(module("istio", "{\"ca\": {\"key\": \"a\"}, \"tlsMode\": \"on\"}"), before)
                        .getStatus()
                        .getMessage())
                .contains("tlsMode")
                .doesNotContain("ca.key");
    }

    @Test
    void whatIsBeingDeletedMayLoseItsFinalizers() {
        assertThat(review(policy("AuthorizationPolicy", "{\"action\": \"DENY\"}")
                                .replace("\"name\"", "\"deletionTimestamp\": \"2026-01-31T12:00:00Z\", \"name\""))
                        .getAllowed())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"kind\": \"Widget\", \"apiVersion\": \"x.example/v1\", \"metadata\": {}}"})
    void whatIsNoneOfOursIsLetIn(String object) {
        assertThat(review(object).getAllowed()).isTrue();
    }

    @Test
    void otherModulesAreNotOurs() {
        AdmissionResponse response = review(module("dns", "{\"ca\": {\"key\": \"a\"}}"));

        assertThat(response.getAllowed()).isTrue();
        assertThat(response.getWarnings()).isEmpty();
    }
}
