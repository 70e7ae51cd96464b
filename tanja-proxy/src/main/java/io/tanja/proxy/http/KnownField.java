package io.tanja.proxy.http;

/** The header fields that the proxy reads, drops or writes; each has one bit, so that a set of them is a {@code long}. */
enum KnownField {
    HOST("host"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    CONNECTION("connection"),
    KEEP_ALIVE("keep-alive"),
    PROXY_CONNECTION("proxy-connection"),
    UPGRADE("upgrade"),
    TE("te"),
    TRAILER("trailer"),
    EXPECT("expect"),
    HTTP2_SETTINGS("http2-settings"),
    DATE("date"),
    SERVER("server"),
    USER_AGENT("user-agent"),
    REQUEST_ID("x-request-id"),
    FORWARDED_FOR("x-forwarded-for"),
    FORWARDED_PROTO("x-forwarded-proto"),
    CLIENT_CERT("x-forwarded-client-cert"),
    ENVOY_INTERNAL("x-envoy-internal"),
    ENVOY_ATTEMPT_COUNT("x-envoy-attempt-count"),
    ENVOY_SERVICE_TIME("x-envoy-upstream-service-time"),
    ENVOY_OPERATION("x-envoy-decorator-operation"),
    ENVOY_PEER_METADATA("x-envoy-peer-metadata"),
    ENVOY_PEER_METADATA_ID("x-envoy-peer-metadata-id"),
    /** Any other field whose name begins with {@code x-envoy-}. */
    ENVOY_OTHER("x-envoy-");

    private static final KnownField[] ALL = values();
    private static final KnownField[][] BY_LENGTH = byLength();

    private final String lower;

    KnownField(String lower) {
        this.lower = lower;
    }

    /** The number that stands for it in tables. */
    @SuppressWarnings("EnumOrdinal") // the tables live no longer than the process
    int code() {
        return ordinal();
    }

    /** The bit that stands for it. */
    long bit() {
        return 1L << code();
    }

    /** The bits of several. */
    static long bits(KnownField... fields) {
        long bits = 0;
        for (KnownField field : fields) {
            bits |= field.bit();
        }
        return bits;
    }

    /** The code of the field with that name, -1 if the proxy does not know it. */
    static int find(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < BY_LENGTH.length) {
            for (KnownField field : BY_LENGTH[length]) {
                if (Octets.equalsIgnoreCase(bytes, from, to, field.lower)) {
                    return field.code();
                }
            }
        }
        String prefix = ENVOY_OTHER.lower;
        boolean envoy =
                length > prefix.length() && Octets.equalsIgnoreCase(bytes, from, from + prefix.length(), prefix);
        return envoy ? ENVOY_OTHER.code() : -1;
    }

    private static KnownField[][] byLength() {
        int longest = 0;
        for (KnownField field : ALL) {
            longest = Math.max(longest, field.lower.length());
        }
        KnownField[][] table = new KnownField[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            table[length] = java.util.Arrays.stream(ALL)
                    .filter(field -> field != ENVOY_OTHER && field.lower.length() == wanted)
                    .toArray(KnownField[]::new);
        }
        return table;
    }
}
