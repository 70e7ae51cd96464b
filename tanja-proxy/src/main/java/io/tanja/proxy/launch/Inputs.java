package io.tanja.proxy.launch;

import io.tanja.model.identity.Quote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Flags and environment as they came in, and the problems found in them. All problems are gathered, so that one start
 * shows all of them. One user: the thread that starts the process.
 */
final class Inputs {
    private final Map<String, String> flags = new HashMap<>();
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    /** Reads {@code --flag value} and {@code --flag=value}. */
    Inputs(List<String> arguments, Map<String, String> environment, Set<String> known) {
        this.environment = environment;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!known.contains(name)) {
                problems.add(Quote.printable(name) + ": there is no such flag; --help lists them");
            } else if (equals >= 0) {
                flags.put(name, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                flags.put(name, arguments.get(++i));
            } else {
                problems.add(name + ": has no value; give it as " + name + " VALUE");
            }
        }
    }

    List<String> problems() {
        return problems;
    }

    void problem(String flag, String what, String remedy) {
        problems.add(flag + ": " + what + "; " + remedy);
    }

    @Nullable
    String optional(String flag, @Nullable String variable) {
        String given = flags.get(flag);
        if (given == null && variable != null) {
            given = environment.get(variable);
        }
        return given == null || given.isEmpty() ? null : given;
    }

    String text(String flag, @Nullable String variable, String otherwise) {
        String given = optional(flag, variable);
        return given == null ? otherwise : given;
    }

    String required(String flag, String variable, String meaning) {
        String given = optional(flag, variable);
        if (given == null) {
            problem(flag, "is missing", "give " + meaning + ", or set " + variable);
            return "";
        }
        return given;
    }

    int number(String flag, int otherwise, int min, int max) {
        String given = optional(flag, null);
        if (given == null) {
            return otherwise;
        }
        try {
            int value = given.startsWith("0x") ? Integer.parseInt(given.substring(2), 16) : Integer.parseInt(given);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, with the range.
        }
        problem(flag, "\"" + Quote.printable(given) + "\" is not a number from " + min + " to " + max, "correct it");
        return otherwise;
    }

    String oneOf(String flag, String otherwise, List<String> choices) {
        String given = text(flag, null, otherwise);
        if (!choices.contains(given)) {
            problem(
                    flag,
                    "\"" + Quote.printable(given) + "\" is not known",
                    "give one of " + String.join(", ", choices));
            return otherwise;
        }
        return given;
    }

    Duration duration(String flag, @Nullable String variable, Duration otherwise) {
        String given = optional(flag, variable);
        if (given == null) {
            return otherwise;
        }
        Duration parsed = parseDuration(given);
        if (parsed == null) {
            problem(
                    flag,
                    "\"" + Quote.printable(given) + "\" is not a duration",
                    "give a number with a unit, such as 500ms, 5s, 10m, 24h");
            return otherwise;
        }
        return parsed;
    }

    /** Reads Go's form, {@code 24h}, {@code 1h30m}, {@code 500ms}; null for anything else. */
    static @Nullable Duration parseDuration(String text) {
        Duration sum = Duration.ZERO;
        int at = 0;
        while (at < text.length()) {
            int digits = at;
            while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0) {
                digits++;
            }
            int unit = digits;
            while (unit < text.length() && Character.isLetter(text.charAt(unit))) {
                unit++;
            }
            if (digits == at || digits - at > 9) {
                return null;
            }
            long number = Long.parseLong(text.substring(at, digits));
            Duration part = switch (text.substring(digits, unit)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> null;
            };
            if (part == null) {
                return null;
            }
            sum = sum.plus(part);
            at = unit;
        }
        return text.isEmpty() ? null : sum;
    }
}
