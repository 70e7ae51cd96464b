package io.tanja.install.chart;

import io.tanja.install.object.InstallOptions;

/** What a user of the chart may choose. */
enum Value {
    /** The image of the control plane. */
    IMAGE("image", "The image of control plane, sidecars and redirect."),
    /** How many control planes. */
    REPLICAS("replicas", "How many control planes."),
    /** The system namespace. */
    ROOT_NAMESPACE("rootNamespace", "The system namespace, which the chart makes: policies there are mesh-wide."),
    /** The trust domain. */
    TRUST_DOMAIN("trustDomain", "The mesh's trust domain.");

    /** Stands for the number of replicas until it becomes a template's action. */
    private static final int NUMBER = 987_654_321;

    private final String key;
    private final String description;

    Value(String key, String description) {
        this.key = key;
        this.description = description;
    }

    String key() {
        return key;
    }

    String description() {
        return description;
    }

    /** What it is unless a user says otherwise. */
    Object standard() {
        InstallOptions standard = InstallOptions.DEFAULT;
        return switch (this) {
            case IMAGE -> standard.image();
            case REPLICAS -> standard.replicas();
            case ROOT_NAMESPACE -> standard.namespace();
            case TRUST_DOMAIN -> standard.trustDomain();
        };
    }

    /** Options that have a mark in place of each value. */
    static InstallOptions marks() {
        return new InstallOptions(IMAGE.mark(), NUMBER, ROOT_NAMESPACE.mark(), TRUST_DOMAIN.mark());
    }

    /** Puts the template's action where the mark is. */
    String insert(String text) {
        return text.replace(mark(), "{{ .Values." + key + " }}");
    }

    private String mark() {
        return this == REPLICAS ? String.valueOf(NUMBER) : "value-of-" + key;
    }
}
