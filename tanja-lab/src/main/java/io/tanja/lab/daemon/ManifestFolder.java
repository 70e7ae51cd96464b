package io.tanja.lab.daemon;

import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Store;
import io.tanja.lab.object.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.ObjectWriter;

/**
 * Shows the cluster's objects to the control plane as a folder with one file each, the way the Kubernetes API would show
 * them. A file is replaced whole or not at all. Used by the cluster's thread only.
 */
final class ManifestFolder {
    private static final ObjectWriter WRITER = Yaml.JSON.writerWithDefaultPrettyPrinter();

    private final Path folder;
    private final Map<ObjectKey, String> written = new HashMap<>();

    ManifestFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes what has changed and removes what is gone.
     *
     * @throws IOException if a file cannot be written; the next call tries it again
     */
    void write(Store store) throws IOException {
        Set<ObjectKey> gone = new HashSet<>(written.keySet());
        for (LabObject object : store.all()) {
            gone.remove(object.key());
            String version = object.metadata().path("resourceVersion").asString("");
            if (!version.equals(written.get(object.key()))) {
                replace(file(object.key()), WRITER.writeValueAsString(object.tree()) + "\n");
                written.put(object.key(), version);
            }
        }
        for (ObjectKey key : gone) {
            Files.deleteIfExists(file(key));
            written.remove(key);
        }
    }

    private void replace(Path file, String text) throws IOException {
        // JSON is YAML. The name of the unfinished file has no ending that the control plane reads.
        Path unfinished = folder.resolve("." + file.getFileName() + ".tmp");
        Files.writeString(unfinished, text);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(ObjectKey key) {
        String namespace = key.namespace().isEmpty() ? "" : key.namespace() + ".";
        return folder.resolve(key.kind().plural() + "." + namespace + key.name() + ".yaml");
    }
}
