package io.tanja.xds.ads.server;

/**
 * What one stream may cost the server.
 *
 * @param types types that it may ask for
 * @param keys single keys that it may ask for in one type
 * @param keyLength characters of a key
 * @param responseBytes size above which a response is split; one resource is never split
 */
public record Limits(int types, int keys, int keyLength, int responseBytes) {
    /** A sidecar asks for two or three types and for what it talks to; a node proxy for the services of a node. */
    public static final Limits DEFAULT = new Limits(16, 20_000, 1_024, 1 << 20);
}
