package io.tanja.model.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://cluster.local/ns/test/sa/default",
                "spiffe://a_b-c.1/ns/n-1/sa/x.y",
                "spiffe://t/ns/0/sa/0"
            })
    void readsAndWritesTheSameText(String uri) {
        SpiffeId id = SpiffeId.parse(uri);

        assertThat(id.uri()).isEqualTo(uri);
        assertThat(id).hasToString(uri);
        assertThat(SpiffeId.parsePrincipal(id.principal())).isEqualTo(id);
    }

    @Test
    void namesItsParts() {
        SpiffeId id = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/web");

        assertThat(id).isEqualTo(new SpiffeId(TrustDomain.CLUSTER_LOCAL, "test", "web"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://",
                "SPIFFE://td/ns/a/sa/b",
                "https://td/ns/a/sa/b",
                "td/ns/a/sa/b",
                "spiffe://td",
                "spiffe://td/ns/a/sa/b/",
                "spiffe://td/ns/a/sa/",
                "spiffe://td/ns//sa/b",
                "spiffe:///ns/a/sa/b",
                "spiffe://td/ns/a/sa/b/c",
                "spiffe://td/sa/b/ns/a",
                "spiffe://td/NS/a/sa/b",
                "spiffe://td/ns/a/sa/b?x",
                "spiffe://td/ns/a/sa/b#x",
                "spiffe://td:1/ns/a/sa/b",
                "spiffe://u@td/ns/a/sa/b",
                "spiffe://TD/ns/a/sa/b",
                "spiffe://td/ns/A/sa/b",
                "spiffe://td/ns/%61/sa/b",
                "spiffe://td/ns/a/sa/b ",
                " spiffe://td/ns/a/sa/b",
                "spiffe://td/ns/a/sa/b\n",
                "spiffe://td/ns/./sa/b",
                "spiffe://td/ns/../sa/b",
                "spiffe://td/ns/-a/sa/b",
                "spiffe://td/ns/a-/sa/b",
                "spiffe://td/ns/a_b/sa/b",
                "spiffe://t\u0131/ns/a/sa/b",
                "spiffe://td/ns/\uff41/sa/b",
                "spiffe://td/ns/a\u0000/sa/b",
                "spiffe://td//ns/a/sa/b"
            })
    void refusesEveryOtherForm(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpiffeId.parse(uri))
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).chars()).allMatch(c -> c >= ' ' && c < 0x7f));
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpiffeId.parse("spiffe://td/ns/a/sa/" + "b".repeat(3000)));
        assertThatIllegalArgumentException().isThrownBy(() -> SpiffeId.parse("spiffe://td/ns/a/sa/" + "b".repeat(254)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpiffeId.parse("spiffe://" + "t".repeat(256) + "/ns/a/sa/b"));
        assertThat(SpiffeId.parse("spiffe://" + "t".repeat(255) + "/ns/a/sa/" + "b".repeat(253))
                        .trustDomain()
                        .name())
                .hasSize(255);
    }

    @Test
    void twoTextsAreNeverOneIdentity() {
        long seed = 20261123;
        Random random = new Random(seed);
        String sound = "spiffe://cluster.local/ns/test/sa/default";
        String alphabet = "abz09.-_/:@%?#A \u0000\u00e9";
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(sound);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, c);
                    default -> text.setCharAt(at, c);
                }
            }
            SpiffeId id;
            try {
                id = SpiffeId.parse(text.toString());
            } catch (IllegalArgumentException e) {
                continue;
            }
            accepted++;
            assertThat(id.uri()).as("seed %s round %s", seed, i).isEqualTo(text.toString());
        }
        assertThat(accepted).isGreaterThan(500);
    }
}
