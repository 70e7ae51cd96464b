package io.tanja.pki.ca;

/** What became of an attempt to reload a CA. */
public sealed interface ReloadOutcome {
    /** The folder holds what was in force already. */
    record Unchanged() implements ReloadOutcome {}

    /**
     * The new material is in force.
     *
     * @param rootsChanged whether workloads have to learn other roots
     */
    record Replaced(boolean rootsChanged) implements ReloadOutcome {}

    /**
     * The old material stays in force.
     *
     * @param why what is wrong with the new one, with file and remedy
     */
    record Kept(String why) implements ReloadOutcome {}
}
