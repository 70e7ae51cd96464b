package io.tanja.lab.command;

import io.tanja.lab.Lab;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the lab's commands have in common: the lab, the writers, and failure as one message and status 1. */
abstract class LabAction implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LabCommand parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Does the command's work and returns its exit status. */
    abstract int act() throws IOException, InterruptedException;

    @Override
    public final Integer call() {
        try {
            return act();
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted");
            return 130;
        } finally {
            out().flush();
        }
    }

    final LabCommand parent() {
        return parent;
    }

    final CommandSpec spec() {
        return spec;
    }

    final Lab lab() throws IOException {
        return parent.connect();
    }

    final String namespace() {
        return parent.namespace();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Says something that is not the command's result. */
    final void note(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private void fail(String message) {
        note("error: " + message);
    }
}
