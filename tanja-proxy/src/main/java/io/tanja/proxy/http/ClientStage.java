package io.tanja.proxy.http;

/** What a caller's connection is busy with. */
enum ClientStage {
    /** Waiting for a head, or for the rest of it. */
    HEAD,
    /** A body is on its way to the upstream. */
    BODY,
    /** The request is whole; its answer is not. */
    ANSWER,
    /** The request was answered before it was whole; its rest is thrown away. */
    DISCARD,
    /** The last answer was given; what still comes is thrown away until the caller closes. */
    LINGER,
    /** Bytes pass both ways after an upgrade. */
    TUNNEL,
    CLOSED
}
