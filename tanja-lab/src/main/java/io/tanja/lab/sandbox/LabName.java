package io.tanja.lab.sandbox;

import io.tanja.model.identity.Quote;

/**
 * The name of a lab, by which several can be told apart.
 *
 * @param name 1 to 30 lower-case letters, digits and inner dashes
 */
public record LabName(String name) {
    private static final String FORM = "[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?";

    /** @throws IllegalArgumentException if the name has another form; the message quotes it */
    public LabName {
        if (!name.matches(FORM)) {
            throw new IllegalArgumentException("lab name \"" + Quote.printable(name)
                    + "\" must be 1 to 30 lower-case letters, digits and inner dashes");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
