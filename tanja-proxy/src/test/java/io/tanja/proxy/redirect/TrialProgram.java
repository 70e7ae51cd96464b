package io.tanja.proxy.redirect;

import java.time.Duration;
import java.util.List;

/** What the init container runs, for a process of its own inside a test's network namespace. */
final class TrialProgram {
    private TrialProgram() {}

    public static void main(String[] args) throws InterruptedException {
        CaptureTrial trial = new SocketTrial(Duration.ofMillis(500));
        CaptureTrial timed = options -> {
            long began = System.nanoTime();
            CaptureTrial.Result result = trial.run(options);
            System.out.println("tried in " + (System.nanoTime() - began) / 1_000 + " us");
            return result;
        };
        System.exit(RedirectMain.run(List.of(args), new ProcessTool(), timed, System.out, System.err));
    }
}
