package io.tanja.model.manifest;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that a misspelt one was probably meant to be. */
final class Spelling {
    private static final int MAX_LENGTH = 64;

    private Spelling() {}

    /** The nearest of some words, or null if none is near: two edits, one for short words. Case does not count. */
    static @Nullable String nearest(String word, Collection<String> words) {
        if (word.length() > MAX_LENGTH) {
            return null;
        }
        String lower = word.toLowerCase(Locale.ROOT);
        int best = word.length() <= 4 ? 2 : 3;
        String found = null;
        for (String candidate : words) {
            int edits = edits(lower, candidate.toLowerCase(Locale.ROOT));
            if (edits < best) {
                best = edits;
                found = candidate;
            }
        }
        return found;
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
