package io.tanja.proxy.launch;

import io.tanja.model.identity.Quote;

/**
 * Where the control plane is.
 *
 * @param host a name or address, an IPv6 address without brackets
 * @param port 1 to 65535
 */
record HostPort(String host, int port) {
    private static final String FLAG = "--control";
    private static final HostPort NOWHERE = new HostPort("localhost", 15012);

    /** Reads {@code HOST:PORT} or {@code [IPv6]:PORT}, with {@code https://} before it or not. */
    static HostPort read(Inputs in) {
        String given = in.required(FLAG, "CA_ADDR", "HOST:PORT of the control plane");
        if (given.isEmpty()) {
            return NOWHERE;
        }
        String text = given.startsWith("https://") ? given.substring(8) : given;
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            String host = text.substring(0, colon);
            boolean brackets = host.startsWith("[") && host.endsWith("]");
            String bare = brackets ? host.substring(1, host.length() - 1) : host;
            int port = port(text.substring(colon + 1));
            if (port > 0 && !bare.isEmpty() && (brackets || bare.indexOf(':') < 0) && bare.indexOf('/') < 0) {
                return new HostPort(bare, port);
            }
        }
        in.problem(
                FLAG,
                "\"" + Quote.printable(given) + "\" is not HOST:PORT",
                "give it as tanja-control.tanja-system.svc:15012 or [fd00::1]:15012");
        return NOWHERE;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port <= 65535 ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
