package io.tanja.model.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuoteTest {
    @Test
    void escapesWhatCouldForgeALine() {
        assertThat(Quote.printable("GET /a?b=c HTTP/1.1")).isEqualTo("GET /a?b=c HTTP/1.1");
        assertThat(Quote.printable("a\r\nb\"\\\u001b\u2028\u00e9"))
                .isEqualTo("a\\u000d\\u000ab\\u0022\\u005c\\u001b\\u2028\\u00e9");
    }

    @Test
    void cutsLongText() {
        assertThat(Quote.printable("x".repeat(300))).hasSize(300);
        assertThat(Quote.printable("x".repeat(301))).hasSize(303).endsWith("...");
    }

    @Test
    void isPrintableWhateverComes() {
        Random random = new Random(20261123);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(20); j > 0; j--) {
                text.append((char) random.nextInt(0x10000));
            }
            assertThat(Quote.printable(text.toString()).chars()).allMatch(c -> c >= ' ' && c < 0x7f && c != '"');
        }
    }
}
