package io.tanja.xds.ads.server;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.util.List;

/**
 * One resource in the form in which it is sent, encoded once and shared by all streams.
 *
 * @param message the message as it goes on the wire
 */
public record ServedResource(Resource message) {
    /**
     * Makes a resource.
     *
     * @param name its name
     * @param aliases other keys under which it is found
     * @param version changes when, and only when, the body does
     * @param typeUrl type of the body
     * @param body the encoded message
     */
    public static ServedResource of(
            String name, List<String> aliases, String version, String typeUrl, ByteString body) {
        return new ServedResource(Resource.newBuilder()
                .setName(name)
                .addAllAliases(aliases)
                .setVersion(version)
                .setResource(Any.newBuilder().setTypeUrl(typeUrl).setValue(body))
                .build());
    }

    /** The resource's name. */
    public String name() {
        return message.getName();
    }

    /** The resource's version. */
    public String version() {
        return message.getVersion();
    }

    /** Its size on the wire in bytes. */
    public int size() {
        return message.getSerializedSize();
    }
}
