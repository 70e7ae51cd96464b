package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.PacketCapture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tanja lab capture}. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        description = {
            "Captures packets on the lab's node with tcpdump, until Ctrl-C or for a time.",
            "Prints them as \"tcpdump -A -v\" does, or writes them to a file."
        },
        footer = {
            "",
            "Example:",
            "  tanja lab capture host 10.111.0.12 and port 80",
            "  tanja lab capture --seconds 10 -w web.pcap tcp port 80"
        })
final class CaptureCommand extends LabAction {
    private static final long LOOK_MILLIS = 100;

    @Option(names = "-w", paramLabel = "FILE", description = "Write the packets to FILE instead of printing them.")
    private @Nullable Path file;

    @Option(names = "--seconds", paramLabel = "N", description = "End after N seconds.")
    private long seconds;

    @Parameters(paramLabel = "FILTER", description = "tcpdump's expression.")
    private List<String> filter = new ArrayList<>();

    @Override
    int act() throws IOException, InterruptedException {
        Lab lab = lab();
        boolean print = file == null;
        Path target =
                file == null ? Files.createTempFile(lab.folder().captures(), "print", ".txt") : file.toAbsolutePath();
        PacketCapture capture = lab.capture(print, print ? List.of("-A", "-v", "-nn") : List.of(), filter, target);
        Thread end = new Thread(() -> stop(capture));
        Runtime.getRuntime().addShutdownHook(end);
        note("capturing" + (print ? "" : " into " + target)
                + (seconds > 0 ? " for " + seconds + " s" : "; Ctrl-C ends it"));
        long left = seconds > 0 ? Duration.ofSeconds(seconds).toMillis() : Long.MAX_VALUE;
        try (InputStream in = Files.newInputStream(target)) {
            for (; left > 0; left -= LOOK_MILLIS) {
                Thread.sleep(LOOK_MILLIS);
                if (print) {
                    in.transferTo(System.out);
                    System.out.flush();
                }
            }
            Runtime.getRuntime().removeShutdownHook(end);
            capture.stop();
            if (print) {
                in.transferTo(System.out);
                System.out.flush();
            }
        }
        return 0;
    }

    private void stop(PacketCapture capture) {
        try {
            capture.stop();
        } catch (IOException e) {
            note("error: " + e.getMessage());
        }
    }
}
