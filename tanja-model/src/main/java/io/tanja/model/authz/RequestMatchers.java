package io.tanja.model.authz;

import java.util.List;
import java.util.Locale;

/** Tests of what is called: the connection's destination and the request. */
final class RequestMatchers {
    private RequestMatchers() {}

    static Matcher destinationIp(String value) {
        IpBlock block = IpBlock.parse(value);
        return (c, r) -> block.contains(c.destinationIp());
    }

    static Matcher port(String value) {
        boolean digits =
                !value.isEmpty() && value.length() <= 5 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(value) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535");
        }
        return (c, r) -> c.destinationPort() == port;
    }

    static Matcher sni(String value) {
        TextPattern pattern = TextPattern.of(value);
        return (c, r) -> {
            String sni = c.sni();
            return sni != null && pattern.matches(sni);
        };
    }

    static Matcher host(String value) {
        TextPattern pattern = TextPattern.ignoringCase(value);
        return (c, r) -> pattern.matches(r.host());
    }

    static Matcher method(String value) {
        TextPattern pattern = TextPattern.of(value);
        return (c, r) -> pattern.matches(r.method());
    }

    static Matcher path(String value) {
        if (PathTemplate.isTemplate(value)) {
            PathTemplate template = PathTemplate.parse(value);
            return (c, r) -> template.matches(r.path());
        }
        TextPattern pattern = TextPattern.of(value);
        return (c, r) -> pattern.matches(r.path());
    }

    /** A header given several times is compared as one, joined by commas, as Envoy does; {@code *} is its presence. */
    static Matcher header(String name, String value) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        TextPattern pattern = TextPattern.of(value);
        boolean presence = pattern.kind() == TextPattern.Kind.PRESENT;
        return (c, r) -> {
            List<String> values = r.header(lowerCase);
            return switch (values.size()) {
                case 0 -> false;
                case 1 -> presence || pattern.matches(values.getFirst());
                default -> presence || pattern.matches(String.join(",", values));
            };
        };
    }
}
