package io.tanja.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.tanja.xds.proto.istio.workload.Extension;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our additions inside Istio's messages, by name. Extensions with other names are for others. */
final class Extensions {
    static final String WORKLOAD_TLS = "tanja.v1.WorkloadTls";
    static final String WORKLOAD_LABELS = "tanja.v1.WorkloadLabels";
    static final String SERVICE_PORTS = "tanja.v1.ServicePorts";

    private Extensions() {}

    static Extension of(String name, MessageLite message) {
        return Extension.newBuilder()
                .setName(name)
                .setConfig(
                        Any.newBuilder().setTypeUrl(ResourceType.PREFIX + name).setValue(message.toByteString()))
                .build();
    }

    /** The extension with that name, or null; two of one name do not decode, since either could be meant. */
    static <M extends MessageLite> @Nullable M find(
            FieldPath at, List<Extension> extensions, String name, Parser<M> parser) throws DecodeException {
        M found = null;
        for (Extension extension : extensions) {
            if (!extension.getName().equals(name)) {
                continue;
            }
            if (found != null) {
                throw at.wrong("extensions[" + name + "]", "is given twice");
            }
            if (!extension.getConfig().getTypeUrl().equals(ResourceType.PREFIX + name)) {
                throw at.wrong("extensions[" + name + "].config.type_url", "is not " + ResourceType.PREFIX + name);
            }
            try {
                found = parser.parseFrom(extension.getConfig().getValue());
            } catch (InvalidProtocolBufferException e) {
                throw at.wrong("extensions[" + name + "].config", "is not readable: " + e.getMessage());
            }
        }
        return found;
    }
}
