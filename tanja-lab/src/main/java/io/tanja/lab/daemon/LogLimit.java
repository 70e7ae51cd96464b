package io.tanja.lab.daemon;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts logs that grow without end, so that a lab left running does not fill the disk. The writers append, so that they
 * go on at the new end.
 *
 * @param logs the folder of the logs
 * @param maxBytes what a log may have
 */
record LogLimit(Path logs, long maxBytes) {
    private static final Logger LOG = LoggerFactory.getLogger(LogLimit.class);

    /** Looks once. */
    void apply() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "*.log")) {
            for (Path log : files) {
                if (Files.size(log) > maxBytes) {
                    Files.writeString(log, "(cut by the lab at " + maxBytes + " bytes)\n");
                }
            }
        } catch (IOException e) {
            LOG.warn("logs cannot be checked for their size", e);
        }
    }
}
