package io.tanja.control.admit;

import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;

/** Answers the reviews of one webhook. Called by several threads at a time. */
@FunctionalInterface
public interface AdmissionReviewer {
    /**
     * Answers; the uid is filled in by the server.
     *
     * @throws RuntimeException if it cannot tell; the object is then not let in
     */
    AdmissionResponse review(AdmissionRequest request);
}
