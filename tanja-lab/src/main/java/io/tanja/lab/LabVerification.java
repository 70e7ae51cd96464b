package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.PacketCapture;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.ReportText;
import io.tanja.lab.proof.Verdict;
import io.tanja.lab.sandbox.LabName;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tanja verify}: what is encrypted between two workloads, judged from packets that tcpdump captured. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Captures what two workloads of a lab say to each other and judges every connection from the packets alone.",
            "Ends with 0 if there was traffic and all of it was encrypted, with 1 if a byte was not, with 3 if there was none."
        },
        footer = {"", "Example:", "  tanja verify deploy/client deploy/webserver -n test-istio-mtls --seconds 5"})
public final class VerifyCommand implements Callable<Integer> {
    private static final int NOT_ENCRYPTED = 1;
    private static final int NO_TRAFFIC = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FROM", description = "A pod, deploy/NAME or NAMESPACE/deploy/NAME.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "The same.")
    private String to = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of those that do not say theirs (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Option(names = "--pcap", paramLabel = "FILE", description = "Keep the capture.")
    private @Nullable Path keep;

    @Option(names = "--name", paramLabel = "LAB", defaultValue = "default", description = "The lab.")
    private String name = "default";

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.table;

    @Override
    public Integer call() {
        try {
            return act();
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("error: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private int act() throws IOException, InterruptedException {
        Lab lab = Lab.connect(new LabName(name));
        Map<InetAddress, String> names = new LinkedHashMap<>();
        List<InetAddress> left = addresses(lab, from, names);
        List<InetAddress> right = addresses(lab, to, names);
        List<String> filter = new ArrayList<>(List.of("tcp", "and"));
        filter.addAll(anyHost(left));
        filter.add("and");
        filter.addAll(anyHost(right));
        PacketCapture capture = lab.capture(filter.toArray(String[]::new));
        spec.commandLine().getErr().println("capturing between " + from + " and " + to + " for " + seconds + " s");
        Thread.sleep(seconds * 1000L);
        Path file = capture.stop();
        CaptureReport report = CaptureAnalyzer.analyze(file, List.of());
        if (keep != null) {
            Files.move(file, keep, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(file);
        }
        print(report, new ReportText(a -> show(a, names)));
        return report.connections().stream().allMatch(c -> c.verdict() == Verdict.EMPTY)
                ? NO_TRAFFIC
                : report.allEncrypted() ? 0 : NOT_ENCRYPTED;
    }

    private void print(CaptureReport report, ReportText text) {
        var out = spec.commandLine().getOut();
        switch (output) {
            case json -> out.println(Yaml.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(text.data(report)));
            case yaml, table, wide, name -> {
                text.lines(report).forEach(out::println);
                out.println(
                        report.allEncrypted()
                                ? "verdict: all of it was encrypted"
                                : report.connections().isEmpty()
                                        ? "verdict: no traffic was seen; send some meanwhile, or give more --seconds"
                                        : "verdict: NOT all of it was encrypted");
            }
        }
        out.flush();
    }

    private List<InetAddress> addresses(Lab lab, String target, Map<InetAddress, String> names) throws IOException {
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

    private static String show(InetSocketAddress address, Map<InetAddress, String> names) {
        String known = names.get(address.getAddress());
        return (known == null ? address.getAddress().getHostAddress() : known) + ":" + address.getPort();
    }
}
