package io.tanja.lab.demo;

import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.IssuanceException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole walk-through on this machine: starts a lab, runs every step, and gives the table. */
public final class Demo {
    /** Short, so that a renewal can be watched; a pod's usual certificate lives for a day. */
    static final Duration LEAF_LIFETIME = Duration.ofSeconds(60);

    private final PrintStream out;
    private final boolean color;
    private final @Nullable Path captures;
    private final boolean keep;
    private final InstantSource clock;

    /**
     * Makes one.
     *
     * @param out where the story goes
     * @param captures a folder for the captures, or null
     * @param keep whether the lab stays up at the end
     */
    public Demo(PrintStream out, boolean color, @Nullable Path captures, boolean keep, InstantSource clock) {
        this.out = out;
        this.color = color;
        this.captures = captures;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * Runs it.
     *
     * @param name the lab's name
     * @return every expectation with what was observed; a step that broke is a failed row, and ends the walk-through
     * @throws IOException if the lab itself cannot start; the message has the remedy
     */
    public List<Row> run(String name) throws IOException {
        LabOptions options =
                LabOptions.named(name).owned(!keep).leafLifetime(LEAF_LIFETIME).say(line -> out.println("    " + line));
        out.println("Starting the lab: network namespaces, a control plane, DNS");
        Lab lab = Lab.start(options);
        Stage stage = new Stage(out, color);
        try {
            steps(stage, lab);
        } catch (IOException | IssuanceException | CaMaterialException | RuntimeException e) {
            stage.expect("the step runs to its end", String.valueOf(e), false);
        } finally {
            if (keep) {
                out.println("The lab \"" + name + "\" stays up; end it with: tanja lab down --name " + name);
            } else {
                lab.close();
            }
        }
        return stage.rows();
    }

    private void steps(Stage stage, Lab lab) throws IOException, IssuanceException, CaMaterialException {
        Traffic traffic = new Traffic(lab, captures);
        JavaProgram program = lab.program();
        SeedSteps seed = new SeedSteps(stage, lab, traffic);
        seed.run();
        new StrictSteps(stage, lab, traffic, seed.webserver()).run();
        new CertificateSteps(stage, lab, seed.webserver(), clock).run();
        new PolicySteps(stage, lab, program).run();
        new RenewalSteps(stage, lab, traffic, program, seed.webserver(), LEAF_LIFETIME).run();
    }
}
