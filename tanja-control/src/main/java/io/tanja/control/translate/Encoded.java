package io.tanja.control.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tanja.xds.ads.server.ServedResource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Makes resources whose version is a hash of their content: equal content is never sent twice, even after a restart. */
final class Encoded {
    private static final int VERSION_BYTES = 12;

    private Encoded() {}

    static ServedResource resource(String name, List<String> aliases, String typeUrl, MessageLite message) {
        ByteString body = message.toByteString();
        return ServedResource.of(name, aliases, version(body), typeUrl, body);
    }

    private static String version(ByteString body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(body.asReadOnlyByteBuffer());
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), VERSION_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
