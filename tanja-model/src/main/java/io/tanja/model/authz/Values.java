package io.tanja.model.authz;

import java.util.List;

/**
 * The values of one field and of its negation: matches if one of {@code any} matches (or there is none) and none of
 * {@code not} does.
 *
 * @param any values of the field
 * @param not values of its {@code not} twin
 */
public record Values(List<String> any, List<String> not) {
    /** A field that was not given. */
    public static final Values NONE = new Values(List.of(), List.of());

    /** Copies the lists. */
    public Values {
        any = List.copyOf(any);
        not = List.copyOf(not);
    }

    /** Whether neither the field nor its negation was given. */
    public boolean isEmpty() {
        return any.isEmpty() && not.isEmpty();
    }
}
