package io.tanja.lab.image;

import io.tanja.lab.object.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The commands that images stand for.
 *
 * @param images by name: an image's last path segment without tag and digest
 * @param extension the file in which a user adds more
 */
public record Images(Map<String, Image> images, Path extension) {
    private static final String RESOURCE = "images.yaml";

    /**
     * What an image declares.
     *
     * @param entrypoint what a pod's {@code command} replaces
     * @param cmd what a pod's {@code args} replace
     */
    public record Image(List<String> entrypoint, List<String> cmd) {
        /** Copies the lists. */
        public Image {
            entrypoint = List.copyOf(entrypoint);
            cmd = List.copyOf(cmd);
        }
    }

    /** Copies the map. */
    public Images {
        images = Map.copyOf(images);
    }

    /**
     * Reads the built-in images and the user's.
     *
     * @param extension the user's file, which need not exist
     * @throws IOException if the user's file cannot be read or has another form; the message names it
     */
    public static Images load(Path extension) throws IOException {
        Map<String, Image> images = new TreeMap<>();
        try (InputStream in = Images.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new UncheckedIOException(new IOException("resource " + RESOURCE + " is missing"));
            }
            add(images, new String(in.readAllBytes(), StandardCharsets.UTF_8), RESOURCE);
        }
        if (Files.exists(extension)) {
            add(images, Files.readString(extension), extension.toString());
        }
        return new Images(images, extension);
    }

    /** The name under which an image is looked up: {@code docker.io/library/nginx:1.26-alpine} is {@code nginx}. */
    public static String shortName(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        int end = name.length();
        for (char mark : new char[] {':', '@'}) {
            int at = name.indexOf(mark);
            if (at >= 0) {
                end = Math.min(end, at);
            }
        }
        return name.substring(0, end);
    }

    /**
     * The command of a container, by the rules of Kubernetes: {@code command} replaces the image's entry point and its
     * arguments, {@code args} replaces only the arguments.
     *
     * @param command the container's own, empty if it gives none
     * @param args the container's own, empty if it gives none
     * @return empty if the image is unknown and {@code command} does not say what to run
     */
    public Optional<List<String>> command(String image, List<String> command, List<String> args) {
        List<String> words = new ArrayList<>(command);
        if (command.isEmpty()) {
            Image known = images.get(shortName(image));
            if (known == null) {
                return Optional.empty();
            }
            words.addAll(known.entrypoint());
            words.addAll(args.isEmpty() ? known.cmd() : args);
        } else {
            words.addAll(args);
        }
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }

    private static void add(Map<String, Image> images, String text, String file) throws IOException {
        JsonNode tree = Yaml.single(text, file);
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            JsonNode image = entry.getValue();
            if (!image.isObject()) {
                throw new IOException(file + ": " + entry.getKey() + " must be a map with entrypoint and cmd");
            }
            images.put(
                    entry.getKey(), new Image(Yaml.strings(image.path("entrypoint")), Yaml.strings(image.path("cmd"))));
        }
    }
}
