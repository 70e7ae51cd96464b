package io.tanja.lab.proof;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds needles in a stream that comes in pieces (Knuth-Morris-Pratt, one state per needle). One user thread. */
final class NeedleSearch {
    private final List<Searched> needles = new ArrayList<>();
    private final Set<String> found = new LinkedHashSet<>();

    NeedleSearch(List<Needle> wanted) {
        for (Needle needle : wanted) {
            needles.add(new Searched(needle));
        }
    }

    void accept(ByteBuffer input) {
        for (Searched searched : needles) {
            if (searched.accept(input.duplicate())) {
                found.add(searched.label);
            }
        }
        needles.removeIf(searched -> searched.done);
    }

    /** The labels of the needles found so far. */
    Set<String> found() {
        return Set.copyOf(found);
    }

    private static final class Searched {
        private final String label;
        private final byte[] text;
        private final int[] fallback;
        private int matched;
        private boolean done;

        Searched(Needle needle) {
            label = needle.label();
            text = needle.bytes();
            fallback = new int[text.length];
            int k = 0;
            for (int i = 1; i < text.length; i++) {
                while (k > 0 && text[k] != text[i]) {
                    k = fallback[k - 1];
                }
                if (text[k] == text[i]) {
                    k++;
                }
                fallback[i] = k;
            }
        }

        boolean accept(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                byte b = bytes.get();
                while (matched > 0 && text[matched] != b) {
                    matched = fallback[matched - 1];
                }
                if (text[matched] == b) {
                    matched++;
                }
                if (matched == text.length) {
                    done = true;
                    return true;
                }
            }
            return false;
        }
    }
}
