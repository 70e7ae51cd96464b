package io.tanja.control.status;

import io.tanja.control.push.Publisher.Published;
import io.tanja.control.state.MeshState;
import io.tanja.model.validate.Problem;
import io.tanja.xds.ads.server.PushStatus;
import io.tanja.xds.ads.server.StreamStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The status as nested maps, in the order in which a person reads it. Pure. */
final class StatusReport {
    private static final String TYPE_PREFIX = "type.googleapis.com/";

    private StatusReport() {}

    /** All but the time, so that two reports can be compared. */
    static Map<String, Object> of(Published published, List<StreamStatus> streams, AuthorityStatus authority) {
        MeshState state = published.catalog().state();
        Map<String, Object> mesh = new LinkedHashMap<>();
        mesh.put("enabled", state.settings().enabled());
        mesh.put("trustDomain", state.options().trustDomain().name());
        mesh.put("rootNamespace", state.options().rootNamespace());
        mesh.put("mode", state.settings().mode().name());
        mesh.put("outbound", state.settings().outbound().name());
        mesh.put("workloads", state.members().size());
        mesh.put("meshed", state.meshed());
        mesh.put("services", state.services().size());
        mesh.put("authorizationPolicies", state.authorization().size());
        mesh.put("injectedNamespaces", List.copyOf(state.injected()));
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("version", published.catalog().version());
        out.put("mesh", mesh);
        out.put("authority", authority(authority));
        out.put("proxies", streams.stream().map(StatusReport::proxy).toList());
        out.put(
                "problems",
                published.problems().stream().map(StatusReport::problem).toList());
        return out;
    }

    /** The same with the time in front. */
    static Map<String, Object> at(Instant time, Map<String, Object> report) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("time", time.toString());
        out.putAll(report);
        return out;
    }

    private static Map<String, Object> authority(AuthorityStatus authority) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("subject", authority.subject());
        out.put("notAfter", authority.notAfter().toString());
        out.put("rootSha256", authority.rootSha256());
        out.put("servingNotAfter", authority.servingNotAfter().toString());
        return out;
    }

    private static Map<String, Object> proxy(StreamStatus stream) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("stream", stream.id());
        out.put("identity", stream.caller().toString());
        out.put("node", stream.node());
        out.put("peer", stream.peer());
        out.put("since", stream.since().toString());
        List<Map<String, Object>> types = new ArrayList<>();
        for (PushStatus type : stream.types()) {
            types.add(type(type));
        }
        out.put("types", types);
        return out;
    }

    private static Map<String, Object> type(PushStatus type) {
        String url = type.typeUrl();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("type", url.startsWith(TYPE_PREFIX) ? url.substring(TYPE_PREFIX.length()) : url);
        out.put("wildcard", type.wildcard());
        out.put("keys", type.keys());
        out.put("resources", type.resources());
        out.put("sent", type.versionSent());
        out.put("acked", type.versionAcked());
        out.put("nack", type.nackReason());
        return out;
    }

    private static Map<String, Object> problem(Problem problem) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("severity", problem.severity().name());
        out.put("file", problem.file());
        out.put("line", problem.line());
        out.put("object", problem.object());
        out.put("field", problem.field());
        out.put("message", problem.message());
        out.put("remedy", problem.remedy());
        return out;
    }
}
