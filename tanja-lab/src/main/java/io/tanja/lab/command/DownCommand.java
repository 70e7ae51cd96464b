package io.tanja.lab.command;

import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code tanja lab down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Ends the lab with everything in it.",
        footer = {"", "Example:", "  tanja lab down"})
final class DownCommand extends LabAction {
    @Override
    int act() throws IOException {
        lab().close();
        note("lab \"" + parent().name() + "\" is down");
        return 0;
    }
}
