package io.tanja.model.authz;

import java.util.Locale;

/**
 * A value of a policy that is compared with text: {@code abc}, {@code abc*}, {@code *abc}, or {@code *} for any text but
 * the empty one. A star elsewhere is a star. Follows {@code StringMatcher} of Istio's {@code authz/matcher}.
 */
record TextPattern(Kind kind, String text, boolean ignoreCase) {
    enum Kind {
        EXACT,
        PREFIX,
        SUFFIX,
        PRESENT
    }

    static TextPattern of(String value) {
        return of(value, false);
    }

    static TextPattern ignoringCase(String value) {
        return of(value.toLowerCase(Locale.ROOT), true);
    }

    private static TextPattern of(String value, boolean ignoreCase) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an empty value matches nothing");
        } else if (value.equals("*")) {
            return new TextPattern(Kind.PRESENT, "", ignoreCase);
        } else if (value.startsWith("*")) {
            return new TextPattern(Kind.SUFFIX, value.substring(1), ignoreCase);
        } else if (value.endsWith("*")) {
            return new TextPattern(Kind.PREFIX, value.substring(0, value.length() - 1), ignoreCase);
        }
        return new TextPattern(Kind.EXACT, value, ignoreCase);
    }

    boolean matches(String subject) {
        return switch (kind) {
            case EXACT -> subject.length() == text.length() && same(subject, 0);
            case PREFIX -> same(subject, 0);
            case SUFFIX -> same(subject, subject.length() - text.length());
            case PRESENT -> !subject.isEmpty();
        };
    }

    /** A negative offset never matches. */
    private boolean same(String subject, int offset) {
        return subject.regionMatches(ignoreCase, offset, text, 0, text.length());
    }
}
