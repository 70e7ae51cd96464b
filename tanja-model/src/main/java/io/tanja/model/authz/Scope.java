package io.tanja.model.authz;

/** What a set of policies is compiled for, which says what becomes of a field that looks at requests. */
enum Scope {
    /** HTTP requests: all fields can be evaluated. */
    REQUESTS,
    /** Opaque bytes: what looks at requests must never let more pass. */
    BYTES,
    /** All requests that a connection could carry at once: what looks at requests must never let less pass. */
    ANY_REQUEST
}
