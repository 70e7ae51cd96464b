package io.tanja.model.manifest;

import java.util.List;
import java.util.Map;

/** A piece of YAML or JSON with its place in the text, if there is a text. Scalars are typed as kubectl types them: by the YAML 1.2 core schema. */
sealed interface YamlNode {
    /** The line it begins in, from 1; 0 if there are no lines. */
    int line();

    /** What it is, for messages. */
    String what();

    /** A list. */
    record Sequence(List<YamlNode> items, int line) implements YamlNode {
        @Override
        public String what() {
            return "a list";
        }
    }

    /** A map with text keys, in the order of the text. */
    record Mapping(Map<String, Entry> entries, int line) implements YamlNode {
        @Override
        public String what() {
            return "a map";
        }
    }

    /** A value and the line of its key. */
    record Entry(YamlNode value, int line) {}

    /**
     * A single value.
     *
     * @param plain whether it was written without quotes, so that it may be a number, a boolean or null
     */
    record Scalar(String text, boolean plain, int line) implements YamlNode {
        boolean isNull() {
            return plain
                    && switch (text) {
                        case "", "~", "null", "Null", "NULL" -> true;
                        default -> false;
                    };
        }

        boolean isBoolean() {
            return plain
                    && switch (text) {
                        case "true", "True", "TRUE", "false", "False", "FALSE" -> true;
                        default -> false;
                    };
        }

        boolean isInteger() {
            if (!plain || text.isEmpty() || text.length() > 18) {
                return false;
            }
            int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
            return start < text.length() && digitsUntil(start) == text.length();
        }

        /** Whether it is a decimal fraction or has an exponent; both need at least one digit before and after. */
        boolean isFraction() {
            if (!plain || isInteger()) {
                return false;
            }
            int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
            int end = digitsUntil(at);
            boolean digits = end > at;
            if (end < text.length() && text.charAt(end) == '.') {
                int after = digitsUntil(end + 1);
                digits |= after > end + 1;
                end = after;
            }
            if (digits && end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
                int exponent = end + 1;
                if (exponent < text.length() && (text.charAt(exponent) == '-' || text.charAt(exponent) == '+')) {
                    exponent++;
                }
                end = digitsUntil(exponent);
                digits = end > exponent;
            }
            return digits && end == text.length();
        }

        boolean isString() {
            return !isNull() && !isBoolean() && !isInteger() && !isFraction();
        }

        private int digitsUntil(int from) {
            int i = from;
            while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                i++;
            }
            return i;
        }

        @Override
        public String what() {
            if (isNull()) {
                return "empty";
            }
            if (isBoolean()) {
                return "a boolean";
            }
            return isString() ? "a string" : "a number";
        }
    }
}
