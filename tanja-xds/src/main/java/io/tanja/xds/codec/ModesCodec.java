package io.tanja.xds.codec;

import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.TlsMode;
import io.tanja.xds.proto.tanja.v1.WorkloadTls;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Modes of a workload's ports. */
final class ModesCodec {
    private ModesCodec() {}

    static WorkloadTls encode(InboundModes modes) {
        WorkloadTls.Builder out = WorkloadTls.newBuilder().setMode(Enums.encode(modes.mode()));
        new TreeMap<>(modes.ports()).forEach((port, mode) -> out.putPorts(port, Enums.encode(mode)));
        return out.build();
    }

    static InboundModes decode(FieldPath at, WorkloadTls message) throws DecodeException {
        Map<Integer, TlsMode> ports = new HashMap<>();
        for (var entry : message.getPortsMap().entrySet()) {
            String field = "ports[" + Integer.toUnsignedString(entry.getKey()) + "]";
            ports.put(at.port(field, entry.getKey()), Enums.decode(at, field, entry.getValue()));
        }
        return new InboundModes(Enums.decode(at, "mode", message.getMode()), ports);
    }
}
