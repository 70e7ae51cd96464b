package io.tanja.xds.ads.client;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.tanja.xds.proto.envoy.config.core.v3.Node;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a client presents itself.
 *
 * @param nodeId {@code <kind>~<ip>~<pod>.<namespace>~<namespace>.svc.cluster.local}
 * @param clusterId the Kubernetes cluster, sent as a header of that name
 * @param metadata what Istio's proxies send: {@code NAME}, {@code NAMESPACE}, {@code INSTANCE_IPS} ...
 * @param firstAnswer how long the control plane may take for its first word on a stream
 */
public record AdsSettings(String nodeId, String clusterId, SortedMap<String, String> metadata, Duration firstAnswer) {
    /** Copies the map. */
    public AdsSettings(String nodeId, String clusterId, Map<String, String> metadata, Duration firstAnswer) {
        this(nodeId, clusterId, new TreeMap<>(metadata), firstAnswer);
    }

    Node node() {
        Struct.Builder struct = Struct.newBuilder();
        metadata.forEach((key, value) ->
                struct.putFields(key, Value.newBuilder().setStringValue(value).build()));
        return Node.newBuilder().setId(nodeId).setMetadata(struct).build();
    }
}
