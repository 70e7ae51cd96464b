package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Quantity;
import io.tanja.model.validate.Problem;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pod's annotations by type. A wrong value is a problem, and its default is returned: the pod is refused then.
 *
 * @param object the pod for messages
 * @param annotations the pod's
 * @param problems gets what is wrong
 */
record AnnotationValues(String object, Map<String, String> annotations, List<Problem> problems) {
    String text(String name, String otherwise) {
        String given = annotations.getOrDefault(name, "").strip();
        return given.isEmpty() ? otherwise : given;
    }

    boolean truth(String name, boolean otherwise) {
        String given = text(name, String.valueOf(otherwise));
        if (!given.equals("true") && !given.equals("false")) {
            wrong(name, given, "is neither true nor false", "write \"true\" or \"false\"");
            return otherwise;
        }
        return given.equals("true");
    }

    int number(String name, int otherwise, int min) {
        String given = text(name, String.valueOf(otherwise));
        try {
            int number = Integer.parseInt(given);
            if (number >= min) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with the range.
        }
        wrong(name, given, "is not a whole number of at least " + min, "write such a number");
        return otherwise;
    }

    @Nullable
    Quantity quantity(String name) {
        String given = text(name, "");
        if (given.isEmpty()) {
            return null;
        }
        try {
            Quantity quantity = Quantity.parse(given);
            if (Quantity.getAmountInBytes(quantity).compareTo(BigDecimal.ZERO) >= 0) {
                return quantity;
            }
        } catch (RuntimeException e) {
            // Told below; the library throws several kinds.
        }
        wrong(name, given, "is not a quantity", "write one such as 100m or 128Mi");
        return null;
    }

    void wrong(String name, String value, String message, String remedy) {
        problems.add(Problem.ofAnnotation(object, name, value, message, remedy));
    }

    void warn(String name, String message, String remedy) {
        problems.add(new Problem(
                Problem.Severity.WARNING, "", 0, object, "metadata.annotations[" + name + "]", message, remedy));
    }
}
