package io.tanja.proxy.observe;

/** Label names and values of a sample as the text format writes them, {@code a="1",b="2"}. One writer. */
public final class Labels {
    private static final int MAX_LENGTH = 300;

    private final StringBuilder text = new StringBuilder(256);

    /**
     * Adds a label.
     *
     * @param name the name, written by the program
     * @param value the value, from anywhere; cut at 300 characters
     */
    public Labels add(String name, String value) {
        if (!text.isEmpty()) {
            text.append(',');
        }
        text.append(name).append("=\"");
        int n = Math.min(value.length(), MAX_LENGTH);
        for (int i = 0; i < n; i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c < ' ' || Character.isSurrogate(c) ? '?' : c);
            }
        }
        text.append('"');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
