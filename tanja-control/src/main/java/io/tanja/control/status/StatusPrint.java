package io.tanja.control.status;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Prints the status file of a control plane that runs beside it. The image has no shell and no {@code cat}, and whoever may
 * start a program in the control plane's pod is allowed to read it: that is decided by the API server.
 */
public final class StatusPrint {
    private StatusPrint() {}

    /**
     * Prints it as it is.
     *
     * @param out gets the file
     * @param err gets the reason if there is no file
     * @return the exit status: 0, or 1 if the file cannot be read
     */
    public static int print(Path file, PrintStream out, PrintStream err) {
        try {
            out.write(Files.readAllBytes(file));
            out.flush();
            return 0;
        } catch (NoSuchFileException e) {
            err.println("tanja control: --print-status " + file
                    + ": there is no such file; the control plane writes it with --status-file, once it serves");
            return 1;
        } catch (IOException e) {
            err.println("tanja control: --print-status " + file + ": cannot be read, " + e
                    + "; name the file of --status-file");
            return 1;
        }
    }
}
