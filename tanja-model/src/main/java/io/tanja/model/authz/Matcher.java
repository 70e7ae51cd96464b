package io.tanja.model.authz;

import java.util.List;

/** One test of a connection and the request on it; for opaque connections the request is {@link #NO_REQUEST}. */
@FunctionalInterface
interface Matcher {
    /** In place of a request: no matcher that looks at requests is compiled for opaque connections. */
    RequestAttributes NO_REQUEST = new RequestAttributes() {
        @Override
        public String method() {
            return "";
        }

        @Override
        public String path() {
            return "";
        }

        @Override
        public String host() {
            return "";
        }

        @Override
        public List<String> header(String name) {
            return List.of();
        }
    };

    boolean matches(ConnectionAttributes connection, RequestAttributes request);

    static Matcher any(List<Matcher> matchers) {
        if (matchers.size() == 1) {
            return matchers.getFirst();
        }
        Matcher[] all = matchers.toArray(new Matcher[0]);
        return (c, r) -> {
            for (Matcher m : all) {
                if (m.matches(c, r)) {
                    return true;
                }
            }
            return false;
        };
    }

    static Matcher all(List<Matcher> matchers) {
        if (matchers.size() == 1) {
            return matchers.getFirst();
        }
        Matcher[] all = matchers.toArray(new Matcher[0]);
        return (c, r) -> {
            for (Matcher m : all) {
                if (!m.matches(c, r)) {
                    return false;
                }
            }
            return true;
        };
    }

    default Matcher negated() {
        return (c, r) -> !matches(c, r);
    }
}
