package io.tanja.control.serve;

/**
 * Limits of the JDK's HTTP server, which it has as properties of the process only, and reads when the first one is made: a
 * client that stops in the middle of its request, or does not read its answer, must not be waited for without end.
 */
public final class HttpLimits {
    private static final String REQUEST_SECONDS = "sun.net.httpserver.maxReqTime";
    private static final String RESPONSE_SECONDS = "sun.net.httpserver.maxRspTime";
    private static final String CONNECTIONS = "jdk.httpserver.maxConnections";

    private HttpLimits() {}

    /** Sets them, unless whoever started the process has. Called before a server is made. */
    public static void set() {
        setIfNone(REQUEST_SECONDS, "15");
        setIfNone(RESPONSE_SECONDS, "15");
        setIfNone(CONNECTIONS, "1024");
    }

    private static void setIfNone(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
