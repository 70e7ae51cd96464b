package io.tanja.model.manifest;

/** Names of Kubernetes, by the rules of its API conventions. */
final class Names {
    static final int MAX_SUBDOMAIN = 253;
    static final int MAX_LABEL = 63;

    private Names() {}

    /** DNS-1123 label: lower-case letters, digits and inner dashes. */
    static boolean isLabel(String name) {
        return name.length() <= MAX_LABEL && name.indexOf('.') < 0 && isSubdomain(name);
    }

    /** DNS-1123 subdomain: labels joined by dots. */
    static boolean isSubdomain(String name) {
        if (name.isEmpty() || name.length() > MAX_SUBDOMAIN) {
            return false;
        }
        char previous = '.';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            boolean dash = c == '-' && previous != '.';
            boolean dot = c == '.' && previous != '.' && previous != '-';
            if (!alphanumeric && !dash && !dot) {
                return false;
            }
            previous = c;
        }
        return previous != '.' && previous != '-';
    }

    /** A label's value: empty, or at most 63 letters, digits, inner {@code - _ .}. */
    static boolean isLabelValue(String value) {
        if (value.length() > MAX_LABEL) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            boolean inner = (c == '-' || c == '_' || c == '.') && i > 0 && i < value.length() - 1;
            if (!alphanumeric && !inner) {
                return false;
            }
        }
        return true;
    }
}
