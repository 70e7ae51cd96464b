package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the programs into the image: jars, native libraries and argument files. Used by one thread, once. */
final class AppFiles {
    /** Our own modules' jars, which change with every version. */
    private static final String OWN = "tanja-";

    private final StagedLayer libraries;
    private final StagedLayer app;
    private final Path natives;

    /**
     * @param libraries gets what others have written
     * @param app gets what is ours
     * @param natives an empty folder for unpacked native libraries
     */
    AppFiles(StagedLayer libraries, StagedLayer app, Path natives) {
        this.libraries = libraries;
        this.app = app;
        this.natives = natives;
    }

    /** Adds them; gives the names of jars on each program's class path, by the program's name. */
    Map<String, List<String>> add(List<Program> programs) throws IOException, InstallException {
        Map<String, List<String>> classPaths = new HashMap<>();
        Set<String> unpacked = new HashSet<>();
        for (Program program : programs) {
            List<String> classPath = new ArrayList<>();
            for (Path jar : ProgramJars.of(program)) {
                String name = ProgramJars.name(jar);
                if (unpacked.contains(name) || NativeLibraries.unpack(jar, natives)) {
                    unpacked.add(name);
                } else {
                    (name.startsWith(OWN) ? app : libraries).copy(jar, Program.LIB + "/" + name, false);
                    classPath.add(name);
                }
            }
            classPaths.put(program.name(), classPath);
            app.text(program.argumentFile(), program.arguments(classPath));
        }
        libraries.copyTree(natives, Program.NATIVE);
        return classPaths;
    }
}
