package io.tanja.lab;

/**
 * What a command in a pod did.
 *
 * @param status its exit status
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 */
public record ExecResult(int status, String output, String errors) {
    /** Whether it ended with status 0. */
    public boolean succeeded() {
        return status == 0;
    }
}
