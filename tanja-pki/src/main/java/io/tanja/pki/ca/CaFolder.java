package io.tanja.pki.ca;

import io.tanja.pki.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Loads a CA from a folder: Istio's {@code cacerts} layout ({@code ca-cert.pem}, {@code ca-key.pem},
 * {@code cert-chain.pem}, {@code root-cert.pem}) or a TLS secret's ({@code tls.crt}, {@code tls.key}, {@code ca.crt}),
 * each with an optional {@code ca-crl.pem}. What comes back is whole: every part was checked against the others.
 */
public final class CaFolder implements CaSource {
    private final Path folder;

    /** @param folder where the files lie, usually a mounted secret */
    public CaFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public SigningMaterial load(Instant now) throws CaMaterialException {
        if (!Files.isDirectory(folder)) {
            throw new CaMaterialException(folder + ": is not a folder; mount the CA there or unset it");
        }
        return CaReading.read(new FolderFiles(), now);
    }

    private final class FolderFiles implements CaFiles {
        @Override
        public String path(String file) {
            return folder.resolve(file).toString();
        }

        @Override
        public boolean has(String file) {
            return Files.exists(folder.resolve(file));
        }

        @Override
        public String text(String file) throws CaMaterialException {
            Path path = folder.resolve(file);
            try {
                long size = Files.size(path);
                if (size > Pem.MAX_LENGTH) {
                    throw new CaMaterialException(path + ": has " + size + " bytes, more than " + Pem.MAX_LENGTH);
                }
                return Files.readString(path, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new CaMaterialException(
                        path + ": cannot be read (" + e.getClass().getSimpleName() + "); make it readable to this user",
                        e);
            }
        }
    }

    /** The folder's path. */
    @Override
    public String toString() {
        return folder.toString();
    }
}
