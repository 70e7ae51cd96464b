package io.tanja.lab.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to run a command as root on a node.
 *
 * @param template words of a command, before the one that is run; {@code {name}} stands for the node's name and
 *     {@code {number}} for the digits at its end
 */
record NodeShell(List<String> template) {
    /** As the seed document does it. */
    static final String SSH = "ssh root@{name}";

    static NodeShell of(String words) {
        return new NodeShell(List.of(words.strip().split("\\s+", -1)));
    }

    /** The whole command line. */
    List<String> command(String node, List<String> words) {
        List<String> command = new ArrayList<>();
        String number = node.replaceFirst("^.*?(\\d*)$", "$1");
        for (String word : template) {
            command.add(word.replace("{name}", node).replace("{number}", number));
        }
        command.addAll(words);
        return command;
    }

    /**
     * Starts a command on a node.
     *
     * @param output where its standard output goes
     * @param errors where its standard error goes
     */
    Process start(String node, List<String> words, Path output, Path errors) throws IOException {
        return new ProcessBuilder(command(node, words))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
    }
}
