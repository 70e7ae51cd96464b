package io.tanja.lab.sandbox;

import java.nio.file.Path;
import java.util.List;

/**
 * Another program for sidecars than the lab's own: the one of an image, on trial. Travels as JSON.
 *
 * @param javaHome its Java runtime
 * @param classPath its jars
 * @param flags further flags of its JVM
 */
public record SidecarProgram(String javaHome, List<String> classPath, List<String> flags) {
    /** Copies the lists. */
    public SidecarProgram {
        classPath = List.copyOf(classPath);
        flags = List.copyOf(flags);
    }

    /** How to start it. */
    public JavaProgram program() {
        return new JavaProgram(
                Path.of(javaHome), classPath.stream().map(Path::of).toList());
    }
}
