package io.tanja.diagnose.verify;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is verified, and how.
 *
 * @param from one end: {@code POD}, {@code KIND/NAME} or {@code NAMESPACE/KIND/NAME}
 * @param to the other end, on whose nodes packets are captured
 * @param namespace the namespace of those that do not say theirs
 * @param seconds how long is captured, 1 to 3600
 * @param keep where captures are kept, or null; with several nodes, a node's name is added to the file's
 * @param image has {@code tcpdump}, {@code timeout} and {@code sleep}
 * @param captureNamespace where the capturing pods are made: it must allow the node's network and NET_RAW
 */
public record VerifyOptions(
        String from,
        String to,
        String namespace,
        int seconds,
        @Nullable Path keep,
        String image,
        String captureNamespace) {
    /** Longer than anybody waits. */
    public static final int MAX_SECONDS = 3600;

    /** @throws IllegalArgumentException if the time is out of range */
    public VerifyOptions {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException("--seconds " + seconds + " is not in 1 to " + MAX_SECONDS);
        }
    }
}
