package io.tanja.lab.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.Manifests;
import io.tanja.lab.object.Rejected;
import io.tanja.lab.object.Store;
import io.tanja.model.manifest.ManifestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestFolderTest {
    private static final String POLICY = """
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec: {mtls: {mode: STRICT}}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void theFolderFollowsTheStoreAndOnlyChangedFilesAreTouched() throws Rejected, IOException {
        Store store = new Store();
        ManifestFolder manifests = new ManifestFolder(folder);
        LabObject policy = Manifests.read(POLICY, "test", "default").objects().getFirst();
        store.put(policy);
        store.put(Manifests.read("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n", "test", "")
                .objects()
                .getFirst());
        manifests.write(store);

        assertThat(names()).containsExactly("namespaces.shop.yaml", "peerauthentications.shop.default.yaml");
        Path file = folder.resolve("peerauthentications.shop.default.yaml");
        assertThat(ManifestReader.read("file", Files.readString(file)).hasErrors())
                .isFalse();
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        manifests.write(store);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1));

        store.put(policy);
        manifests.write(store);
        assertThat(Files.getLastModifiedTime(file)).isNotEqualTo(FileTime.fromMillis(1));
        store.remove(policy.key());
        manifests.write(store);
        assertThat(names()).containsExactly("namespaces.shop.yaml");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
