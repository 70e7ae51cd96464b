package io.tanja.model.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustDomainTest {
    @ParameterizedTest
    @ValueSource(strings = {"cluster.local", "a", "td-1_x.example", "0"})
    void acceptsTheSpecificationsCharacters(String name) {
        assertThat(new TrustDomain(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Cluster.local", "a/b", "a:1", "a@b", "a b", "a%2e", "é", "a\u0000", "*"})
    void refusesAllOthers(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TrustDomain(name));
    }

    @Test
    void isAtMost255CharactersLong() {
        assertThat(new TrustDomain("a".repeat(255)).name()).hasSize(255);
        assertThatIllegalArgumentException().isThrownBy(() -> new TrustDomain("a".repeat(256)));
    }

    @Test
    void everyOtherCharacterIsRefused() {
        for (int c = 0; c < 0x10000; c++) {
            if ("abcdefghijklmnopqrstuvwxyz0123456789.-_".indexOf(c) < 0) {
                String name = "a" + (char) c;
                assertThatIllegalArgumentException().as("%04x", c).isThrownBy(() -> new TrustDomain(name));
            }
        }
    }
}
