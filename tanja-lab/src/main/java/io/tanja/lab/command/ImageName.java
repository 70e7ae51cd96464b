package io.tanja.lab.command;

import io.tanja.lab.image.Images;
import java.util.Locale;

/** Makes a container's name out of its image's, as {@code kubectl create deployment} does. */
final class ImageName {
    private static final int MAX_LENGTH = 63;

    private ImageName() {}

    static String container(String image) {
        String name = Images.shortName(image).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        name = name.substring(0, Math.min(name.length(), MAX_LENGTH)).replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "app" : name;
    }
}
