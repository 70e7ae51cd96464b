package io.tanja.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.validate.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MutatedManifestsTest {
    private static final long SEED = 20261123;
    private static final String ALPHABET = "{}[]:,-&*!|>'\"%@`#? \n\t\\~ab1.\u0000\u0085\u2028\ud800\uffff";

    @Test
    void garbageNeverThrowsAndIsNeverSilent() throws IOException {
        List<String> sound =
                List.of(ManifestReaderTest.resource("seed.yaml"), ManifestReaderTest.resource("policies.yaml"));
        int[] whole = sound.stream()
                .mapToInt(t -> ManifestReader.read("m", t).objects().size())
                .toArray();
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            int which = random.nextInt(sound.size());
            String text = mutated(sound.get(which), random);
            Manifest manifest = ManifestReader.read("m", text);
            if (manifest.hasErrors()) {
                refused++;
            }
            assertThat(manifest.problems())
                    .as("seed %s round %s", SEED, i)
                    .allSatisfy(MutatedManifestsTest::isComplete);
            if (text.indexOf('#') < 0
                    && text.indexOf("---") >= 0
                    && manifest.objects().isEmpty()
                    && whole[which] > 0) {
                assertThat(manifest.problems())
                        .as("seed %s round %s: %s", SEED, i, text)
                        .isNotEmpty();
            }
        }
        assertThat(refused).isGreaterThan(1_200);
    }

    @Test
    void noiseNeverThrows() {
        Random random = new Random(SEED);
        int problems = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(40); j > 0; j--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            Manifest manifest = ManifestReader.read("m", text.toString());
            assertThat(manifest.objects()).as("seed %s round %s", SEED, i).isEmpty();
            problems += manifest.problems().size();
        }
        assertThat(problems).isGreaterThan(5_000);
    }

    private static void isComplete(Problem problem) {
        assertThat(problem.message()).isNotEmpty();
        assertThat(problem.remedy()).isNotEmpty();
        assertThat(problem.toString().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
    }

    private static String mutated(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int n = 1 + random.nextInt(3); n > 0 && !out.isEmpty(); n--) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(5)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 2 -> out.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 3 -> out.setLength(Math.max(1, at));
                default -> out.insert(at, out.substring(at, Math.min(out.length(), at + random.nextInt(60))));
            }
        }
        return out.toString();
    }
}
