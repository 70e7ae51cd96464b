package io.tanja.model.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathNormalizerTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "*, *",
        "/a/b, /a/b",
        "/a//b, /a//b",
        "/a/../b, /b",
        "/a/./b, /a/b",
        "/a/b/.., /a/",
        "/a/b/., /a/b/",
        "/.., /",
        "/../../etc, /etc",
        "/a/%2e%2E/b, /b",
        "/a/.%2e/b, /b",
        "/..a/...b/.c, /..a/...b/.c",
        "/a//../b, /a/b",
        "\\da, /da",
        "/a\\..\\b, /b",
        "/%61dmin, /admin",
        "/a%2Fb, /a%2Fb",
        "/a%2fb, /a%2fb",
        "/a%5cb, /a%5cb",
        "/%2561dmin, /%2561dmin",
        "/a%20b, /a%20b",
        "/{x}, /%7Bx%7D",
        "/caf\u00e9, /caf%E9",
        "/a/../b?c=/../d, /b?c=/../d",
        "/a?%zz, /a?%zz",
        "/a/..?, /?",
    })
    void bringsPathsIntoOneForm(String sent, String expected) {
        assertThat(PathNormalizer.normalize(sent)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "?",
                "http://h/",
                "/a#b",
                "/a?b#c",
                "/%00",
                "/%",
                "/%2",
                "/%zz",
                "/a b",
                "/\u0000",
                "/\n",
                "/\u0141"
            })
    void refusesWhatItCannotNormalise(String sent) {
        assertThatThrownBy(() -> PathNormalizer.normalize(sent)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void returnsANormalPathItself() {
        String path = "/static/js/app.min.js?v=1";
        assertThat(PathNormalizer.normalize(path)).isSameAs(path);
        assertThat(PathNormalizer.withoutQuery(path)).isEqualTo("/static/js/app.min.js");
    }

    @Test
    void isIdempotentAndNeverLeavesDotSegments() {
        long seed = 20261123;
        Random random = new Random(seed);
        String[] pieces = {
            "/", ".", "..", "a", "%2e", "%2E", "%2F", "\\", "%5c", "B", "%61", "%", "{", "?", "~", "//", "\u00ff"
        };
        int normalised = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder sent = new StringBuilder("/");
            for (int j = random.nextInt(8); j > 0; j--) {
                sent.append(pieces[random.nextInt(pieces.length)]);
            }
            String once;
            try {
                once = PathNormalizer.normalize(sent.toString());
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("the path ");
                continue;
            }
            normalised++;
            String path = PathNormalizer.withoutQuery(once);
            assertThat(PathNormalizer.normalize(once))
                    .as("seed %s, sent %s", seed, sent)
                    .isEqualTo(once);
            assertThat(path).as("seed %s, sent %s", seed, sent).startsWith("/").doesNotContain("\\");
            assertThat(path.split("/", -1)).as("seed %s, sent %s", seed, sent).doesNotContain(".", "..");
        }
        assertThat(normalised).isGreaterThan(15_000);
    }
}
