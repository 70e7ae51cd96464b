package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponseBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The kinds of answers. */
final class Responses {
    private Responses() {}

    /** The object is let in as it is. */
    static AdmissionResponse allowed(List<String> warnings) {
        return new AdmissionResponseBuilder()
                .withAllowed(true)
                .withWarnings(warnings)
                .build();
    }

    /** The object is let in after it was changed; {@code patch} is JSON. */
    static AdmissionResponse patched(String patch, List<String> warnings) {
        return new AdmissionResponseBuilder()
                .withAllowed(true)
                .withPatchType("JSONPatch")
                .withPatch(Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)))
                .withWarnings(warnings)
                .build();
    }

    /** The object is not let in; {@code code} is an HTTP status. */
    static AdmissionResponse denied(int code, String message) {
        return new AdmissionResponseBuilder()
                .withAllowed(false)
                .withStatus(new StatusBuilder()
                        .withStatus("Failure")
                        .withCode(code)
                        .withMessage(message)
                        .build())
                .build();
    }
}
