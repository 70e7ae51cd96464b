package io.tanja.xds.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.xds.proto.istio.workload.Address;

/**
 * A type of resource: how it is named on the wire and how its bytes become a value.
 *
 * @param <T> what a resource of the type decodes to
 */
public final class ResourceType<T> {
    static final String PREFIX = "type.googleapis.com/";

    /** Services and workloads. */
    public static final ResourceType<AddressResource> ADDRESS =
            new ResourceType<>("istio.workload.Address", message(Address.parser(), AddressCodec::decode));

    /** A sidecar's own configuration; resource name: the workload's uid. */
    public static final ResourceType<ProxyConfig> PROXY_CONFIG = new ResourceType<>(
            "tanja.v1.ProxyConfig",
            message(io.tanja.xds.proto.tanja.v1.ProxyConfig.parser(), ProxyConfigCodec::decode));

    /** Type URL of layer-4 policies. We send them and do not read them. */
    public static final String AUTHORIZATION_URL = PREFIX + "istio.security.Authorization";

    private final String url;
    private final Decoder<T> decoder;

    private ResourceType(String name, Decoder<T> decoder) {
        this.url = PREFIX + name;
        this.decoder = decoder;
    }

    /** The type URL, {@code type.googleapis.com/...}. */
    public String url() {
        return url;
    }

    /**
     * Decodes the value of one resource.
     *
     * @param resource the resource's name, for messages and to be checked against the content
     * @throws DecodeException on anything that is not a complete, valid resource of this type
     */
    public T decode(String resource, ByteString value) throws DecodeException {
        return decoder.decode(resource, value);
    }

    @Override
    public String toString() {
        return url;
    }

    private static <M extends MessageLite, T> Decoder<T> message(Parser<M> parser, MessageDecoder<M, T> decoder) {
        return (resource, value) -> {
            M message;
            try {
                message = parser.parseFrom(value);
            } catch (InvalidProtocolBufferException e) {
                throw new DecodeException(resource, "resource", "is not readable: " + e.getMessage());
            }
            return decoder.decode(resource, message);
        };
    }

    @FunctionalInterface
    private interface Decoder<T> {
        T decode(String resource, ByteString value) throws DecodeException;
    }

    @FunctionalInterface
    private interface MessageDecoder<M, T> {
        T decode(String resource, M message) throws DecodeException;
    }
}
