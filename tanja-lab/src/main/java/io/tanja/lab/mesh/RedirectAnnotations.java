package io.tanja.lab.mesh;

import io.tanja.lab.pod.Privileges;
import io.tanja.model.authz.IpBlock;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.validate.Problem;
import io.tanja.proxy.redirect.Cidr;
import io.tanja.proxy.redirect.ProxyOwner;
import io.tanja.proxy.redirect.RedirectOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a pod's annotations {@code traffic.sidecar.istio.io/*} say about its redirect. */
final class RedirectAnnotations {
    private RedirectAnnotations() {}

    /**
     * The redirect of a pod.
     *
     * @param pod the object for messages
     * @throws IOException if a value has another form; the message names the annotation
     */
    static RedirectOptions read(String pod, Map<String, String> annotations, Privileges privileges) throws IOException {
        List<Problem> problems = new ArrayList<>();
        CaptureScope scope = CaptureScope.read(pod, annotations, problems);
        if (!problems.isEmpty()) {
            throw new IOException(problems.getFirst().sentence());
        }
        RedirectOptions standard = RedirectOptions.DEFAULT;
        return new RedirectOptions(
                standard.inboundPort(),
                standard.outboundPort(),
                privileges.mark() > 0 ? new ProxyOwner.Mark(privileges.mark()) : ProxyOwner.ISTIO,
                scope.inboundAll(),
                scope.includeInboundPorts(),
                scope.excludeInboundPorts(),
                scope.outboundAll(),
                ranges(scope.includeOutboundRanges()),
                scope.includeOutboundPorts(),
                ranges(scope.excludeOutboundRanges()),
                scope.excludeOutboundPorts());
    }

    private static List<Cidr> ranges(List<IpBlock> blocks) {
        return blocks.stream()
                .map(block -> new Cidr(block.network(), block.prefix()))
                .toList();
    }
}
