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

    /** Levenshtein's distance, in which swapping two neighbours is one edit. */
    private static int edits(String a, String b) {
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                table[i][j] = i == 0 || j == 0 ? i + j : least(table, a, b, i, j);
            }
        }
        return table[a.length()][b.length()];
    }

    private static int least(int[][] table, String a, String b, int i, int j) {
        char x = a.charAt(i - 1);
        char y = b.charAt(j - 1);
        int least = Math.min(table[i - 1][j], table[i][j - 1]) + 1;
        least = Math.min(least, table[i - 1][j - 1] + (x == y ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && x == b.charAt(j - 2) && y == a.charAt(i - 2);
        return swapped ? Math.min(least, table[i - 2][j - 2] + 1) : least;
    }
}
