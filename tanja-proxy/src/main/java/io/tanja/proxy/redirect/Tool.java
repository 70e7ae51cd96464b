package io.tanja.proxy.redirect;

import java.io.IOException;
import java.util.List;

/** Runs a program of the machine. Passed in, so that tests see what would be run. */
@FunctionalInterface
public interface Tool {
    /**
     * Runs a program to its end.
     *
     * @param command program and arguments; no shell is between
     * @param input what it reads
     * @throws IOException if it cannot be started
     */
    Result run(List<String> command, String input) throws IOException, InterruptedException;

    /**
     * How it ended.
     *
     * @param exit its exit code
     * @param output what it wrote, both streams
     */
    record Result(int exit, String output) {}
}
