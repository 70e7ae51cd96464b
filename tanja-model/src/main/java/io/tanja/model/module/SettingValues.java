package io.tanja.model.module;

import io.tanja.model.authz.IpBlock;
import io.tanja.model.inject.CaptureScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of settings by type. A wrong one is told and gives null, and of a list with a wrong item nothing is used: half
 * of a list of exceptions is not what anybody has asked for.
 */
record SettingValues(Complaints wrong) {
    /** Gets what is wrong. */
    @FunctionalInterface
    interface Complaints {
        void add(String path, Object value, String message, String remedy);
    }

    <T> @Nullable T choice(String path, Object value, Map<String, T> choices) {
        T read = value instanceof String text ? choices.get(text) : null;
        if (read == null) {
            String all = String.join(", ", new TreeSet<>(choices.keySet()));
            wrong.add(path, value, "is not one of " + all, "write one of " + all);
        }
        return read;
    }

    @Nullable
    Boolean truth(String path, Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        wrong.add(path, value, "is neither true nor false", "write true or false");
        return null;
    }

    @Nullable
    SortedSet<Integer> ports(String path, Object value) {
        List<?> items = items(path, value, "[\"15432\"]");
        if (items == null) {
            return null;
        }
        SortedSet<Integer> ports = new TreeSet<>();
        for (Object item : items) {
            OptionalInt port = CaptureScope.port(String.valueOf(item));
            if (port.isEmpty()) {
                wrong.add(path, item, "is not a port from 1 to 65535", "write it as \"15432\"");
                return null;
            }
            ports.add(port.getAsInt());
        }
        return ports;
    }

    @Nullable
    List<IpBlock> ranges(String path, Object value) {
        List<?> items = items(path, value, "[\"10.0.0.0/8\"]");
        if (items == null) {
            return null;
        }
        List<IpBlock> ranges = new ArrayList<>();
        for (Object item : items) {
            try {
                ranges.add(IpBlock.parse(String.valueOf(item)));
            } catch (IllegalArgumentException e) {
                wrong.add(path, item, "is not an address range", "write it as \"10.0.0.0/8\"");
                return null;
            }
        }
        return ranges;
    }

    private @Nullable List<?> items(String path, Object value, String example) {
        if (value instanceof List<?> list) {
            return list;
        }
        wrong.add(path, value, "is not a list", "write it as " + example);
        return null;
    }
}
