package io.tanja.lab;

import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.ReportText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Captures what two workloads of a lab say to each other, and judges it from the packets. One user thread. */
public final class LabVerification {
    private final Lab lab;
    private final String namespace;
    private final Map<InetAddress, String> names = new LinkedHashMap<>();

    /** @param namespace the namespace of workloads that do not say theirs */
    public LabVerification(Lab lab, String namespace) {
        this.lab = lab;
        this.namespace = namespace;
    }

    /**
     * Captures and judges.
     *
     * @param from a pod, {@code deploy/NAME} or {@code NAMESPACE/deploy/NAME}
     * @param to the same
     * @param keep where the capture is kept, or null
     * @throws IOException if one of them has no address, or the capture cannot be made
     */
    public CaptureReport run(String from, String to, int seconds, @Nullable Path keep)
            throws IOException, InterruptedException {
        List<String> filter = new ArrayList<>(List.of("tcp", "and"));
        filter.addAll(anyHost(addresses(from)));
        filter.add("and");
        filter.addAll(anyHost(addresses(to)));
        PacketCapture capture = lab.capture(filter.toArray(String[]::new));
        Thread.sleep(seconds * 1000L);
        Path file = capture.stop();
        CaptureReport report = CaptureAnalyzer.analyze(file, List.of());
        if (keep != null) {
            Files.move(file, keep, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(file);
        }
        return report;
    }

    /** Shows reports with the workloads' names. */
    public ReportText text() {
        return new ReportText(this::show);
    }

    private List<InetAddress> addresses(String target) throws IOException {
        String[] parts = target.split("/", -1);
        String where = parts.length == 3 ? parts[0] : namespace;
        String what = parts.length == 3 ? parts[1] + "/" + parts[2] : target;
        List<InetAddress> addresses = lab.addresses(where, what);
        if (addresses.isEmpty()) {
            throw new IOException(target + " in namespace " + where + " has no address yet");
        }
        addresses.forEach(address -> names.put(address, target));
        return addresses;
    }

    private static List<String> anyHost(List<InetAddress> addresses) {
        List<String> words = new ArrayList<>(List.of("("));
        for (InetAddress address : addresses) {
            if (words.size() > 1) {
                words.add("or");
            }
            words.add("host");
            words.add(address.getHostAddress());
        }
        words.add(")");
        return words;
    }

    private String show(InetSocketAddress address) {
        String known = names.get(address.getAddress());
        return (known == null ? address.getAddress().getHostAddress() : known) + ":" + address.getPort();
    }
}
