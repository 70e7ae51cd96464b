package io.tanja.diagnose.describe;

import io.tanja.diagnose.describe.PodDescription.Policy;
import io.tanja.diagnose.describe.PodDescription.Port;
import io.tanja.diagnose.describe.PodDescription.SelectingService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows a description to people and programs. Pure. */
public final class PodDescriptionText {
    private final PodDescription pod;

    /** Makes one. */
    public PodDescriptionText(PodDescription pod) {
        this.pod = pod;
    }

    /** For people, line by line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("Pod:          " + pod.pod());
        lines.add("Meshed:       " + (pod.membership().meshed() ? "yes" : "NO") + ": "
                + pod.membership().reason());
        if (!pod.membership().remedy().isEmpty()) {
            lines.add("              " + pod.membership().remedy());
        }
        lines.add("Identity:     " + pod.identity() + (pod.membership().meshed() ? "" : " (if it were meshed)"));
        if (pod.membership().meshed()) {
            Instant expiry = pod.certificate().time();
            lines.add("Certificate:  "
                    + (expiry == null ? "not known: " + pod.certificate().reason() : "valid until " + expiry));
        }
        lines.add("Ports:        " + (pod.membership().meshed() ? "" : "(no mode is in force outside the mesh)"));
        pod.ports().forEach(port -> lines.add("  " + line(port)));
        lines.add("Services:     " + (pod.services().isEmpty() ? "none selects it" : ""));
        for (SelectingService service : pod.services()) {
            lines.add("  " + service.name() + "  " + String.join(", ", service.ports()));
        }
        lines.add(
                "Authorization:" + (pod.policies().isEmpty() ? " no policy applies: whoever is let in may call" : ""));
        for (Policy policy : pod.policies()) {
            lines.add("  " + policy.action() + " " + policy.name() + " (" + policy.rules() + " rules) by "
                    + policy.scope() + (policy.dryRun() ? ", dry run: only reported" : ""));
        }
        lines.add("Warnings:     " + (pod.warnings().isEmpty() ? "none" : ""));
        pod.warnings().forEach(warning -> lines.add("  " + warning));
        return lines;
    }

    private static String line(Port port) {
        return (port.port() == 0 ? "others" : port.port()) + "  "
                + port.mode() + " by " + port.decidedBy()
                + (port.protocol().isEmpty() ? "" : ", " + port.protocol())
                + (port.captured() ? "" : ", NOT CAPTURED");
    }

    /** Everything as plain data that any JSON writer takes. */
    public Map<String, Object> data() {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("pod", pod.pod());
        out.put("meshed", pod.membership().meshed());
        out.put("reason", pod.membership().reason());
        out.put("remedy", pod.membership().remedy());
        out.put("identity", pod.identity());
        Instant expiry = pod.certificate().time();
        if (expiry != null) {
            out.put("certificateNotAfter", expiry.toString());
        } else if (pod.membership().meshed()) {
            out.put("certificateNotKnown", pod.certificate().reason());
        }
        out.put("ports", pod.ports());
        out.put("services", pod.services());
        out.put("authorizationPolicies", pod.policies());
        out.put("warnings", pod.warnings());
        return out;
    }
}
