package io.tanja.xds.ads.server;

import org.jspecify.annotations.Nullable;

/**
 * How far one client is with one type.
 *
 * @param typeUrl the type
 * @param wildcard whether it gets all resources of the type
 * @param keys how many single keys it asks for
 * @param resources how many resources it has been sent and still has
 * @param versionSent state of the mesh in the last response, null before the first
 * @param versionAcked state of the mesh that it last accepted, null before the first
 * @param nackReason why it refused the last response, escaped; null if it accepted it or has not answered yet
 * @param versionSeen state of the mesh of which the last response and those before it tell all that concerns the client,
 *     which may be nothing new; null before that, or while a part is still to be sent
 */
public record PushStatus(
        String typeUrl,
        boolean wildcard,
        int keys,
        int resources,
        @Nullable String versionSent,
        @Nullable String versionAcked,
        @Nullable String nackReason,
        @Nullable String versionSeen) {
    /** Whether the client has accepted all that it was sent. */
    public boolean current() {
        return versionSent != null && versionSent.equals(versionAcked);
    }

    /** Whether the client has accepted all that a state of the mesh means to it. */
    public boolean has(String version) {
        return current() && nackReason == null && version.equals(versionSeen);
    }
}
