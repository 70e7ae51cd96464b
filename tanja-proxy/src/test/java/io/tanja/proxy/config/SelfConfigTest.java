package io.tanja.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.identity.TrustDomain;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.TlsMode;
import io.tanja.xds.ads.client.Received;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SelfConfigTest {
    private final AtomicInteger changes = new AtomicInteger();
    private final SelfConfig self = new SelfConfig(changes::incrementAndGet);

    private static ProxyConfig config(TlsMode mode) {
        return new ProxyConfig(
                Mesh.pod("web", "10.1.0.2"),
                new InboundModes(mode, Map.of()),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(TrustDomain.CLUSTER_LOCAL),
                OutboundPolicy.ALLOW_ANY);
    }

    private static Received<ProxyConfig> received(ProxyConfig config) {
        return new Received<>(config.workload().uid(), "v1", List.of(), config);
    }

    @Test
    void eachConfigurationReplacesTheOneBefore() {
        assertThat(self.current()).isNull();
        self.onUpdate(received(config(TlsMode.PERMISSIVE)));
        assertThat(self.first()).isCompletedWithValue(config(TlsMode.PERMISSIVE));
        self.onUpdate(received(config(TlsMode.STRICT)));

        assertThat(self.current())
                .isNotNull()
                .satisfies(now -> assertThat(now.config()).isEqualTo(config(TlsMode.STRICT)));
        assertThat(changes).hasValue(2);
    }

    @Test
    void theLastGoodOneStaysWhateverComes() {
        self.onUpdate(received(config(TlsMode.STRICT)));

        self.onRejected("x", List.of(), "field modes: is missing");
        self.onRemoved("Kubernetes//Pod/test/web");

        assertThat(self.current())
                .isNotNull()
                .satisfies(now -> assertThat(now.config()).isEqualTo(config(TlsMode.STRICT)));
        assertThat(self.refused()).isEqualTo(1);
        assertThat(changes).hasValue(1);
    }
}
