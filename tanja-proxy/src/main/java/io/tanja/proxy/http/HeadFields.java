package io.tanja.proxy.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of one head, as ranges of the bytes it was copied to. Made once for each event loop and filled again for
 * each message; one writer: that event loop. Follows RFC 9112, section 5, and forgives nothing.
 */
final class HeadFields {
    private final int[] marks;
    private final byte[] known;
    private final boolean[] nominated;
    private final int max;
    private byte[] bytes = new byte[0];
    private int count;
    private int end;
    private long present;
    private long repeated;

    HeadFields(int max) {
        this.max = max;
        marks = new int[max * 4];
        known = new byte[max];
        nominated = new boolean[max];
    }

    /**
     * Reads the fields from {@code from} to the empty line that ends the head at {@code to}.
     *
     * @return what is wrong, or null
     */
    @org.jspecify.annotations.Nullable
    Defect parse(byte[] head, int from, int to) {
        clear();
        bytes = head;
        int at = from;
        while (head[at] != '\r' || at + 2 != to) {
            if (count == max) {
                return Defect.TOO_MANY_FIELDS;
            }
            int nameStart = at;
            while (Octets.isToken(head[at])) {
                at++;
            }
            if (head[at] != ':') {
                return badName(head, nameStart, at);
            }
            if (at == nameStart) {
                return Defect.FIELD_NAME;
            }
            int nameEnd = at++;
            while (Octets.isBlank(head[at])) {
                at++;
            }
            int valueStart = at;
            while (Octets.isValue(head[at])) {
                at++;
            }
            if (head[at] != '\r' || head[at + 1] != '\n') {
                return head[at] == '\r' ? Defect.BARE_CR : head[at] == '\n' ? Defect.BARE_LF : Defect.FIELD_VALUE;
            }
            int valueEnd = at;
            while (valueEnd > valueStart && Octets.isBlank(head[valueEnd - 1])) {
                valueEnd--;
            }
            at += 2;
            add(nameStart, nameEnd, valueStart, valueEnd);
        }
        end = at;
        return null;
    }

    /** Forgets all fields. */
    void clear() {
        count = 0;
        end = 0;
        present = 0;
        repeated = 0;
    }

    private static Defect badName(byte[] head, int nameStart, int at) {
        if (Octets.isBlank(head[at])) {
            return at == nameStart ? Defect.OBS_FOLD : Defect.SPACE_BEFORE_COLON;
        }
        return head[at] == '\r' && head[at + 1] != '\n' ? Defect.BARE_CR : Defect.FIELD_NAME;
    }

    private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int mark = count * 4;
        marks[mark] = nameStart;
        marks[mark + 1] = nameEnd;
        marks[mark + 2] = valueStart;
        marks[mark + 3] = valueEnd;
        nominated[count] = false;
        int field = KnownField.find(bytes, nameStart, nameEnd);
        known[count++] = (byte) field;
        if (field >= 0) {
            long bit = 1L << field;
            repeated |= present & bit;
            present |= bit;
        }
    }

    int count() {
        return count;
    }

    /** Where the first field's line begins, or the empty line if there is no field. */
    int start() {
        return count == 0 ? end : marks[0];
    }

    /** Where the empty line begins. */
    int end() {
        return end;
    }

    /** Where the line of a field begins. */
    int lineStart(int index) {
        return marks[index * 4];
    }

    /** Where the line of a field ends, its CRLF included. */
    int lineEnd(int index) {
        return index + 1 < count ? marks[index * 4 + 4] : end;
    }

    int valueStart(int index) {
        return marks[index * 4 + 2];
    }

    int valueEnd(int index) {
        return marks[index * 4 + 3];
    }

    /** Which known field it is, by code; -1 if it is none. */
    int known(int index) {
        return known[index];
    }

    boolean has(KnownField field) {
        return (present & field.bit()) != 0;
    }

    boolean hasTwice(KnownField field) {
        return (repeated & field.bit()) != 0;
    }

    /** The index of the first field of a kind, -1 if there is none. */
    int indexOf(KnownField field) {
        if (has(field)) {
            for (int i = 0; i < count; i++) {
                if (known[i] == field.code()) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Whether the value of a field is {@code lower}, ignoring case. */
    boolean valueIs(int index, byte[] lower) {
        return Octets.equalsIgnoreCase(bytes, valueStart(index), valueEnd(index), lower);
    }

    /** The value of a field. */
    String value(int index) {
        return Octets.text(bytes, valueStart(index), valueEnd(index));
    }

    /** The value of the first field of a kind, or null. */
    @org.jspecify.annotations.Nullable
    String first(KnownField field) {
        int index = indexOf(field);
        return index < 0 ? null : value(index);
    }

    /** All values of a field that is passed on, by name in any case. */
    List<String> values(String name) {
        List<String> found = List.of();
        for (int i = 0; i < count; i++) {
            if (!nominated[i] && named(i, name)) {
                if (found.isEmpty()) {
                    found = new ArrayList<>(2);
                }
                found.add(value(i));
            }
        }
        return found;
    }

    /** Whether Connection names this field, so that it ends here. */
    boolean isNominated(int index) {
        return nominated[index];
    }

    /** Marks the fields with the name in the range as ending here; tells which known field that is, or -1. */
    int nominate(int from, int to) {
        for (int i = 0; i < count; i++) {
            if (Octets.sameIgnoreCase(bytes, marks[i * 4], marks[i * 4 + 1], from, to)) {
                nominated[i] = true;
            }
        }
        return KnownField.find(bytes, from, to);
    }

    private boolean named(int index, String name) {
        int start = marks[index * 4];
        if (marks[index * 4 + 1] - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char wanted = name.charAt(i);
            if (wanted > 0x7f || Octets.lower(bytes[start + i]) != Octets.lower((byte) wanted)) {
                return false;
            }
        }
        return true;
    }
}
