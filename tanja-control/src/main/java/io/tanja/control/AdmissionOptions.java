package io.tanja.control;

import java.net.InetSocketAddress;

/**
 * What the operator decides about the webhooks and the sidecars that they give.
 *
 * @param listen where the API server's reviews are answered, by TLS
 * @param image the sidecars' image
 * @param shape what a sidecar is to Kubernetes
 */
public record AdmissionOptions(InetSocketAddress listen, String image, Shape shape) {
    /** What a sidecar is to Kubernetes. */
    public enum Shape {
        /** Whatever the cluster's version has. */
        AUTO,
        /** An init container that stays. */
        NATIVE,
        /** One more container. */
        CONTAINER
    }
}
