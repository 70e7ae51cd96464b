package io.tanja.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressesTest {
    @Test
    void anIndexIsAnAddressOfEachFamily() {
        assertThat(new AddressPlan(true).pod(258))
                .extracting(AddressText::of)
                .containsExactly("10.111.1.2", "fd74:616e:6a61:1::102");
        assertThat(new AddressPlan(false).service(10))
                .extracting(AddressText::of)
                .containsExactly("10.96.0.10");
        assertThatThrownBy(() -> new AddressPlan(true).pod(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFreedIndexIsUsedAgainLast() {
        IndexPool pool = new IndexPool();
        int first = pool.take();
        pool.free(first);

        assertThat(pool.take()).isEqualTo(first + 1);
        for (int i = first + 2; i <= AddressPlan.LAST; i++) {
            assertThat(pool.take()).isEqualTo(i);
        }
        assertThat(pool.take()).isEqualTo(first);
        assertThatThrownBy(pool::take).isInstanceOf(IllegalStateException.class).hasMessageContaining("delete");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"::", "::1", "fd00::", "1::2:0:0:3", "fe80::1:2:3:4", "1:2:3:4:5:6:7:8", "1:0:2::3", "10.0.0.1"})
    void addressesAreWrittenShort(String text) {
        assertThat(AddressText.of(InetAddress.ofLiteral(text))).isEqualTo(text);
    }

    @Test
    void aPodFindsItsNameServerAndItself() {
        PodFiles files =
                PodFiles.of("web-1", "shop", new AddressPlan(true).pod(10), AddressPlan.GATEWAY, "events {}", "");

        assertThat(files.resolvConf())
                .isEqualTo("search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.111.0.1\n"
                        + "options ndots:5\n");
        assertThat(files.hosts()).contains("10.111.0.10\tweb-1\n").contains("fd74:616e:6a61:1::a\tweb-1\n");
    }
}
