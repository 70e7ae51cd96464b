package io.tanja.lab.proof;

import java.util.Map;

/** Names of TLS code points (IANA "TLS Parameters"), as far as a mesh meets them. */
final class TlsNames {
    private static final Map<Integer, String> GROUPS = Map.of(
            23, "P-256",
            24, "P-384",
            25, "P-521",
            29, "X25519",
            30, "X448",
            0x11eb, "SecP256r1MLKEM768",
            0x11ec, "X25519MLKEM768",
            0x11ed, "SecP384r1MLKEM1024");

    private static final Map<Integer, String> CIPHERS = Map.ofEntries(
            Map.entry(0x1301, "TLS_AES_128_GCM_SHA256"),
            Map.entry(0x1302, "TLS_AES_256_GCM_SHA384"),
            Map.entry(0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
            Map.entry(0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256"),
            Map.entry(0xc02c, "ECDHE-ECDSA-AES256-GCM-SHA384"),
            Map.entry(0xc02f, "ECDHE-RSA-AES128-GCM-SHA256"),
            Map.entry(0xc030, "ECDHE-RSA-AES256-GCM-SHA384"),
            Map.entry(0xcca8, "ECDHE-RSA-CHACHA20-POLY1305"),
            Map.entry(0xcca9, "ECDHE-ECDSA-CHACHA20-POLY1305"),
            Map.entry(0x009c, "AES128-GCM-SHA256"),
            Map.entry(0x009d, "AES256-GCM-SHA384"),
            Map.entry(0x0000, "TLS_NULL_WITH_NULL_NULL"),
            Map.entry(0x0002, "TLS_RSA_WITH_NULL_SHA"),
            Map.entry(0x003b, "TLS_RSA_WITH_NULL_SHA256"),
            Map.entry(0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA"),
            Map.entry(0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA"),
            Map.entry(0xc0b4, "TLS_SHA256_SHA256"),
            Map.entry(0xc0b5, "TLS_SHA384_SHA384"),
            Map.entry(0x00ff, "renegotiation-info"));

    private TlsNames() {}

    static String group(int id) {
        return GROUPS.getOrDefault(id, String.format("group-%04x", id));
    }

    static String cipher(int id) {
        return CIPHERS.getOrDefault(id, String.format("cipher-%04x", id));
    }

    /** Whether a suite authenticates without encrypting (RFC 9150, RFC 4492): TLS framing proves nothing then. */
    static boolean isNullCipher(int id) {
        return cipher(id).contains("NULL") || id == 0xc0b4 || id == 0xc0b5;
    }

    static String version(int id) {
        return switch (id) {
            case 0x0300 -> "SSLv3";
            case 0x0301 -> "TLSv1.0";
            case 0x0302 -> "TLSv1.1";
            case 0x0303 -> "TLSv1.2";
            case 0x0304 -> "TLSv1.3";
            default -> String.format("version-%04x", id);
        };
    }

    /** GREASE values (RFC 8701) are noise on purpose. */
    static boolean isGrease(int id) {
        return (id & 0x0f0f) == 0x0a0a && id >>> 8 == (id & 0xff);
    }
}
