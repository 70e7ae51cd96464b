package io.tanja.lab.object;

import java.util.List;

/** A request was refused; nothing of it has been done. The message has one line per reason. */
public final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes the refusal out of its reasons, at least one. */
    public Rejected(List<String> reasons) {
        super(String.join("\n", reasons));
    }

    /** Makes the refusal out of a single reason. */
    public Rejected(String reason) {
        this(List.of(reason));
    }
}
