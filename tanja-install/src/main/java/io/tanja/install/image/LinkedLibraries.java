package io.tanja.install.image;

import io.tanja.install.InstallException;
import io.tanja.proxy.redirect.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The shared libraries that programs of this machine are linked with, found as the machine's own loader finds them. */
final class LinkedLibraries {
    /** {@code libc.so.6 => /lib/libc.so.6 (0x...)} and, for the loader itself, {@code /lib64/ld.so (0x...)}. */
    private static final Pattern LINE = Pattern.compile("\\s*(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)");

    private static final Pattern MISSING = Pattern.compile("\\s*(\\S+) => not found");

    private final Tool tool;

    LinkedLibraries(Tool tool) {
        this.tool = tool;
    }

    /**
     * Everything that these files need beyond each other, as absolute paths.
     *
     * @throws InstallException if one of them needs a library that the machine does not have
     */
    Set<Path> of(List<Path> files) throws IOException, InterruptedException, InstallException {
        Set<String> own = files.stream().map(ProgramJars::name).collect(Collectors.toSet());
        Set<Path> libraries = new TreeSet<>();
        for (Path file : files) {
            for (String line : tool.run(List.of("ldd", file.toString()), "")
                    .output()
                    .lines()
                    .toList()) {
                Matcher missing = MISSING.matcher(line);
                if (missing.matches() && !own.contains(missing.group(1))) {
                    throw new InstallException(
                            file.toString(), line.strip(), "install the package that has this library");
                }
                Matcher library = LINE.matcher(line);
                if (library.matches()) {
                    libraries.add(Path.of(library.group(1)).normalize());
                }
            }
        }
        libraries.removeIf(files::contains);
        return libraries;
    }
}
