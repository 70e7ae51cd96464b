package io.tanja.proxy.redirect;

import java.util.List;

/** Tries whether connections are captured. Passed in, so that tests of the command need no network. */
@FunctionalInterface
public interface CaptureTrial {
    /** Tries once for each address family. */
    Result run(RedirectOptions options);

    /**
     * What came of it.
     *
     * @param failures connections that went elsewhere, one clause for each; empty if none did
     * @param notes what could not be tried, and why
     */
    record Result(List<String> failures, List<String> notes) {
        /** Copies the lists. */
        public Result {
            failures = List.copyOf(failures);
            notes = List.copyOf(notes);
        }
    }
}
