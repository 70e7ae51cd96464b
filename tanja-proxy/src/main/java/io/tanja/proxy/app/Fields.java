package io.tanja.proxy.app;

import io.tanja.model.identity.Quote;
import io.tanja.proxy.json.Json;
import io.tanja.proxy.json.JsonException;
import io.tanja.proxy.json.JsonReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, read as what they should be. A member that is null counts as missing, as in Go.
 *
 * @param at where the object stands, for error messages: {@code "/app-health/web/livez" httpGet}; empty for the whole text
 */
record Fields(String at, Map<String, Json> members) {
    private static final int MAX_PORT = 65535;

    static Fields parse(String text) throws SettingsException {
        try {
            return of("", JsonReader.read(text));
        } catch (JsonException e) {
            throw new SettingsException("is not JSON: " + e.getMessage());
        }
    }

    private static Fields of(String at, Json json) throws SettingsException {
        if (json instanceof Json.Members(Map<String, Json> members)) {
            return new Fields(at, members);
        }
        throw new SettingsException((at.isEmpty() ? "" : at + ": ") + "expected an object, found " + json.kind());
    }

    SettingsException wrong(String name, String what) {
        return new SettingsException(path(name) + ": " + what);
    }

    private String path(String name) {
        return at.isEmpty() ? name : at + " " + name;
    }

    private @Nullable Json get(String name) {
        Json value = members.get(name);
        return value == Json.Word.NULL ? null : value;
    }

    boolean has(String name) {
        return get(name) != null;
    }

    /** The object under a name, which is called otherwise in error messages. */
    Fields entry(String name, String called) throws SettingsException {
        return of(called, members.getOrDefault(name, Json.Word.NULL));
    }

    /** The object under a name. */
    Fields object(String name) throws SettingsException {
        Json value = get(name);
        if (value == null) {
            throw wrong(name, "is missing");
        }
        return of(path(name), value);
    }

    String text(String name, String otherwise) throws SettingsException {
        return switch (get(name)) {
            case null -> otherwise;
            case Json.Text(String text) -> text;
            case Json other -> throw wrong(name, "expected a string, found " + other.kind());
        };
    }

    List<Json> list(String name) throws SettingsException {
        return switch (get(name)) {
            case null -> List.of();
            case Json.Elements(List<Json> elements) -> elements;
            case Json other -> throw wrong(name, "expected an array, found " + other.kind());
        };
    }

    /** The object at a place of a list. */
    Fields element(String name, int index, Json element) throws SettingsException {
        return of(path(name) + "[" + index + "]", element);
    }

    int port(String name) throws SettingsException {
        return switch (get(name)) {
            case null -> throw wrong(name, "is missing");
            case Json.Digits(String digits) -> port(name, digits);
            case Json.Text(String text) ->
                throw wrong(name, "\"" + Quote.printable(text) + "\" is a name; a probe needs the number");
            case Json other -> throw wrong(name, "expected a number, found " + other.kind());
        };
    }

    int port(String name, String digits) throws SettingsException {
        int port = whole(digits);
        if (port < 1 || port > MAX_PORT) {
            throw wrong(name, Quote.printable(digits) + " is not a port (1 to 65535)");
        }
        return port;
    }

    /** Whole seconds; 0 counts as missing, as in Go. */
    int seconds(String name, int otherwise) throws SettingsException {
        return switch (get(name)) {
            case null -> otherwise;
            case Json.Digits(String digits) -> {
                int value = whole(digits);
                if (value < 0) {
                    throw wrong(name, Quote.printable(digits) + " is not a whole number of seconds");
                }
                yield value == 0 ? otherwise : value;
            }
            case Json other -> throw wrong(name, "expected a number, found " + other.kind());
        };
    }

    private static int whole(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
