package io.tanja.control;

import io.tanja.control.status.StatusPrint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The process: {@code tanja control}. Exit status 0 after a stop, 1 if it cannot start, 2 for wrong flags. */
public final class ControlMain {
    /** gRPC logs through java.util.logging, with a stack trace for what a client did wrong: we log that in one line. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private ControlMain() {}

    /** Runs until the process is told to stop. */
    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args));
    }

    /**
     * Runs until the process is told to stop.
     *
     * @return the exit status
     */
    public static int run(String... args) throws InterruptedException {
        if (List.of(args).contains("--help")) {
            System.out.print(ControlFlags.USAGE);
            return 0;
        }
        if (args.length == 2 && args[0].equals("--print-status")) {
            return StatusPrint.print(Path.of(args[1]), System.out, System.err);
        }
        ControlOptions options;
        try {
            options = ControlFlags.parse(args);
        } catch (ConfigException e) {
            return complain(e, 2);
        }
        GRPC.setLevel(Level.SEVERE);
        CountDownLatch stopped = new CountDownLatch(1);
        ControlPlane plane;
        try {
            plane = ControlPlane.start(options);
        } catch (ConfigException e) {
            return complain(e, 1);
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            plane.close();
            stopped.countDown();
        }));
        stopped.await();
        return 0;
    }

    private static int complain(ConfigException e, int status) {
        e.problems().forEach(problem -> System.err.println("tanja control: " + problem));
        return status;
    }
}
