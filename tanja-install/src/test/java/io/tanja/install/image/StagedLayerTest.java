package io.tanja.install.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedLayerTest {
    @TempDir
    private Path folder;

    @Test
    void isTheSameWhateverTheMachineSaysOfItsFiles() throws IOException {
        Path library = Files.writeString(folder.resolve("lib.so.1.2"), "elf");
        Path link = Files.createSymbolicLink(folder.resolve("lib.so.1"), library);
        StagedLayer layer = new StagedLayer("l", folder.resolve("layer"));
        layer.copy(link, "/lib/lib.so.1", true);
        layer.text("/etc/passwd", "root");
        layer.openFolder("/tmp");
        List<FileEntry> entries = layer.layer().getEntries();
        assertThat(entries)
                .extracting(entry ->
                        entry.getExtractionPath() + " " + entry.getPermissions().toOctalString())
                .containsExactly("/etc 755", "/etc/passwd 644", "/lib 755", "/lib/lib.so.1 755", "/tmp 777");
        assertThat(entries).extracting(FileEntry::getModificationTime).containsOnly(Instant.ofEpochSecond(1));
        assertThat(entries).extracting(FileEntry::getOwnership).containsOnly("");
        assertThat(folder.resolve("layer/lib/lib.so.1")).isRegularFile().hasContent("elf");
        assertThat(Files.isSymbolicLink(folder.resolve("layer/lib/lib.so.1"))).isFalse();
        assertThat(layer.bytes()).isEqualTo(7);
    }
}
