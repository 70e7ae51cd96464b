package io.tanja.model.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One container of a pod.
 *
 * @param name its name
 * @param image the image
 * @param command replaces the image's entry point if not empty
 * @param args replaces the image's arguments if not empty
 * @param ports the declared ports
 * @param env variables with a literal value, in the order in which they were written (later ones may refer to earlier
 *     ones)
 */
public record Container(
        String name,
        String image,
        List<String> command,
        List<String> args,
        List<ContainerPort> ports,
        Map<String, String> env) {
    /** Copies the collections. */
    public Container {
        command = List.copyOf(command);
        args = List.copyOf(args);
        ports = List.copyOf(ports);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    }
}
