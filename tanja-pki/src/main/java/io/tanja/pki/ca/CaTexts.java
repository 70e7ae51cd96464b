package io.tanja.pki.ca;

import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import io.tanja.pki.pem.Pem;
import java.time.Instant;
import java.util.Map;

/**
 * A CA whose parts are texts by file name, in one of the layouts of {@link CaFolder}: how a Kubernetes Secret holds it.
 *
 * @param source how messages name the whole, such as {@code Secret tanja-system/cacerts}
 * @param texts PEM by file name
 */
public record CaTexts(String source, Map<String, String> texts) implements CaSource {
    /** Copies the map. */
    public CaTexts {
        texts = Map.copyOf(texts);
    }

    /** The texts of a self-signed root, in the {@code cacerts} layout. They hold its private key. */
    public static CaTexts of(String source, SigningMaterial root) {
        CaFileLayout layout = CaFileLayout.CACERTS;
        String pem = Certificates.pem(root.certificate());
        return new CaTexts(
                source,
                Map.of(
                        layout.key(),
                        KeyPairs.pem(root.key()),
                        layout.certificate(),
                        pem,
                        layout.chain(),
                        pem,
                        layout.roots(),
                        Certificates.pem(root.roots())));
    }

    @Override
    public SigningMaterial load(Instant now) throws CaMaterialException {
        return CaReading.read(new Texts(), now);
    }

    private final class Texts implements CaFiles {
        @Override
        public String path(String file) {
            return file.isEmpty() ? source : source + " " + file;
        }

        @Override
        public boolean has(String file) {
            return texts.containsKey(file);
        }

        @Override
        public String text(String file) throws CaMaterialException {
            String text = texts.get(file);
            if (text == null || text.length() > Pem.MAX_LENGTH) {
                throw new CaMaterialException(path(file) + (text == null ? ": is missing" : ": is too long"));
            }
            return text;
        }
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return source;
    }
}
