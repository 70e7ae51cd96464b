package io.tanja.lab.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the manifests that {@code -f} names. */
final class ManifestFiles {
    private ManifestFiles() {}

    /**
     * The texts by name, in order.
     *
     * @param names files, folders, or {@code -} for standard input
     * @throws IOException if one cannot be read, or a folder has no manifest in it
     */
    static Map<String, String> read(List<String> names) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : names) {
            Path path = Path.of(name);
            if (name.equals("-")) {
                texts.put("standard input", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
            } else if (Files.isDirectory(path)) {
                for (Path file : inside(path)) {
                    texts.put(file.toString(), Files.readString(file));
                }
            } else if (Files.exists(path)) {
                texts.put(name, Files.readString(path));
            } else {
                throw new IOException("there is no file or folder " + name);
            }
        }
        return texts;
    }

    private static List<Path> inside(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
                    .sorted()
                    .forEach(found::add);
        }
        if (found.isEmpty()) {
            throw new IOException("folder " + folder + " has no file that ends in .yaml, .yml or .json");
        }
        return found;
    }
}
