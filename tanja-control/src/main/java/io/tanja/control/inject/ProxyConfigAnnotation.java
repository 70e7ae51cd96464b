package io.tanja.control.inject;

import io.tanja.model.identity.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is served of the annotation {@code proxy.istio.io/config}, Istio's ProxyConfig as YAML
 * ({@code mesh/v1alpha1/proxy.proto}).
 *
 * @param hold {@code holdApplicationUntilProxyStarts}
 * @param proxyFlags what the other fields mean to the proxy
 */
record ProxyConfigAnnotation(boolean hold, List<String> proxyFlags) {
    static final String NAME = "proxy.istio.io/config";
    private static final int MAX_LOOPS = 64;
    private static final int MAX_DIGITS = 9;

    ProxyConfigAnnotation {
        proxyFlags = List.copyOf(proxyFlags);
    }

    static ProxyConfigAnnotation read(AnnotationValues values, boolean hold) {
        String text = values.text(NAME, "");
        boolean holds = hold;
        List<String> flags = new ArrayList<>();
        for (Map.Entry<String, Object> field : fields(values, text).entrySet()) {
            String value = String.valueOf(field.getValue());
            switch (field.getKey()) {
                case "holdApplicationUntilProxyStarts" -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        values.wrong(NAME, value, "is neither true nor false", "write true or false");
                    }
                    holds = value.equals("true");
                }
                case "terminationDrainDuration" -> {
                    if (duration(value)) {
                        flags.add("--drain=" + value);
                    } else {
                        values.wrong(NAME, value, "is not a duration", "write terminationDrainDuration as 5s");
                    }
                }
                case "concurrency" -> {
                    if (field.getValue() instanceof Integer loops && loops >= 0 && loops <= MAX_LOOPS) {
                        // Istio's 0 stands for as many as there are processors to use, which is our default.
                        if (loops > 0) {
                            flags.add("--event-loops=" + loops);
                        }
                    } else {
                        values.wrong(NAME, value, "is not a number of threads", "write concurrency from 0 to 64");
                    }
                }
                default ->
                    values.warn(
                            NAME, Quote.printable(field.getKey()) + " is not served and has no effect", "remove it");
            }
        }
        return new ProxyConfigAnnotation(holds, flags);
    }

    private static Map<String, Object> fields(AnnotationValues values, String text) {
        try {
            return new TreeMap<>(YamlTree.parse(text));
        } catch (IllegalArgumentException e) {
            values.wrong(NAME, text, "is not a YAML mapping", "write it as holdApplicationUntilProxyStarts: true");
            return Map.of();
        }
    }

    /** Whether it is one number with a unit that the proxy reads. */
    private static boolean duration(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        return digits > 0
                && digits <= MAX_DIGITS
                && List.of("ms", "s", "m", "h").contains(text.substring(digits));
    }
}
