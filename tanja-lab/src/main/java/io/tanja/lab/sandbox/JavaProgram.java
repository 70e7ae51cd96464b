package io.tanja.lab.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start a main class of this project with the JDK and the classes of the running process.
 *
 * @param javaHome the JDK
 * @param classPath folders and jars
 */
public record JavaProgram(Path javaHome, List<Path> classPath) {
    /** Options of a JVM that shares two cores with a dozen others and matters only by being there soon. */
    public static final List<String> FRUGAL = List.of(
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** Copies the list. */
    public JavaProgram {
        classPath = List.copyOf(classPath);
    }

    /** That of the running process. */
    public static JavaProgram current() {
        List<Path> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(":")) {
            if (!entry.isEmpty()) {
                classPath.add(Path.of(entry).toAbsolutePath());
            }
        }
        return new JavaProgram(Path.of(System.getProperty("java.home", "")), classPath);
    }

    /**
     * The command line.
     *
     * @param options options of the JVM
     * @param main the main class's name
     * @param arguments its arguments
     */
    public List<String> command(List<String> options, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(String.join(":", classPath.stream().map(Path::toString).toList()));
        command.add(main);
        command.addAll(arguments);
        return command;
    }
}
