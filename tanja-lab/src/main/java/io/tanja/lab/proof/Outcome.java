package io.tanja.lab.proof;

/** What a capture proves as a whole, as an exit status and in words. */
public enum Outcome {
    /** There was traffic, and all of it was encrypted. */
    ALL_ENCRYPTED(0, "verdict: all of it was encrypted"),
    /** A byte was not encrypted, or could not be judged. */
    NOT_ENCRYPTED(1, "verdict: NOT all of it was encrypted"),
    /** No byte of payload was seen. */
    NO_TRAFFIC(3, "verdict: no traffic was seen; send some meanwhile, or give more --seconds");

    private final int status;
    private final String words;

    Outcome(int status, String words) {
        this.status = status;
        this.words = words;
    }

    /** The outcome of a report. */
    public static Outcome of(CaptureReport report) {
        if (report.connections().stream().allMatch(c -> c.verdict() == Verdict.EMPTY)) {
            return NO_TRAFFIC;
        }
        return report.allEncrypted() ? ALL_ENCRYPTED : NOT_ENCRYPTED;
    }

    /** The exit status. */
    public int status() {
        return status;
    }

    /** The verdict for people. */
    public String words() {
        return words;
    }
}
