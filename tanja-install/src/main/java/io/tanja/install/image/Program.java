package io.tanja.install.image;

import java.nio.file.Path;
import java.util.List;

/**
 * One of the programs in the image. A container names its argument file, {@code @/app/proxy.args}, before the program's own
 * flags.
 *
 * @param name names the argument file
 * @param main the main class
 * @param module folder of the checkout whose jars it runs from
 * @param jvm flags of the {@code java} command
 */
public record Program(String name, String main, Path module, List<String> jvm) {
    /** Where the image has its jars. */
    static final String LIB = "/app/lib";
    /** Where the image has the proxy's AOT cache. */
    static final String PROXY_CACHE = "/app/proxy.aot";
    /** Where the image has native libraries, so that none is unpacked at run time. */
    static final String NATIVE = "/app/native";

    /** Copies the list. */
    public Program {
        jvm = List.copyOf(jvm);
    }

    /** The path in the image of the file with its JVM flags, class path and main class. */
    public String argumentFile() {
        return "/app/" + name + ".args";
    }

    /**
     * What the argument file says: one argument a line, quoted as the {@code java} launcher reads it.
     *
     * @param jars names of jars, in the order of the class path
     */
    String arguments(List<String> jars) {
        StringBuilder text = new StringBuilder();
        jvm.forEach(flag -> line(text, flag));
        line(text, "-Djava.library.path=" + NATIVE);
        line(text, "-cp");
        line(text, String.join(":", jars.stream().map(jar -> LIB + "/" + jar).toList()));
        line(text, main);
        return text.toString();
    }

    private static void line(StringBuilder text, String argument) {
        text.append('"')
                .append(argument.replace("\\", "\\\\").replace("\"", "\\\""))
                .append("\"\n");
    }
}
