package io.tanja.model.inject;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.authz.IpBlock;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureScopeTest {
    private final List<Problem> problems = new ArrayList<>();

    @Test
    void everythingIsTakenWithoutAnnotations() {
        CaptureScope scope = read(Map.of());

        assertThat(scope.inboundAll()).isTrue();
        assertThat(scope.outboundAll()).isTrue();
        assertThat(scope.excludeInboundPorts()).isEmpty();
        assertThat(scope.excludeOutboundPorts()).isEmpty();
        assertThat(scope.excludeOutboundRanges()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void listsMayHaveSpacesAndLines() {
        CaptureScope scope = read(Map.of(
                "traffic.sidecar.istio.io/includeInboundPorts", " 80, 443\n8080 ",
                "traffic.sidecar.istio.io/includeOutboundIPRanges", "10.0.0.0/8,fd00::1",
                "traffic.sidecar.istio.io/includeOutboundPorts", "9000"));

        assertThat(scope.inboundAll()).isFalse();
        assertThat(scope.includeInboundPorts()).containsExactly(80, 443, 8080);
        assertThat(scope.outboundAll()).isFalse();
        assertThat(scope.includeOutboundRanges())
                .containsExactly(IpBlock.parse("10.0.0.0/8"), IpBlock.parse("fd00::1"));
        assertThat(scope.includeOutboundPorts()).containsExactly(9000);
        assertThat(problems).isEmpty();
    }

    @Test
    void anEmptyListTakesNothing() {
        CaptureScope scope = read(Map.of(
                "traffic.sidecar.istio.io/includeInboundPorts", "",
                "traffic.sidecar.istio.io/includeOutboundIPRanges", ""));

        assertThat(scope.inboundAll()).isFalse();
        assertThat(scope.includeInboundPorts()).isEmpty();
        assertThat(scope.outboundAll()).isFalse();
        assertThat(scope.includeOutboundRanges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "excludeInboundPorts, http",
        "excludeInboundPorts, 0",
        "excludeInboundPorts, -1",
        "excludeInboundPorts, '80;443'",
        "includeInboundPorts, '80,*'",
        "excludeOutboundPorts, 65536",
        "excludeOutboundPorts, 99999999999",
        "includeOutboundPorts, 0x50",
        "excludeOutboundIPRanges, 10.0.0.0/33",
        "excludeOutboundIPRanges, '10.0.0.0/8, db.shop.svc'",
        "includeOutboundIPRanges, everything",
    })
    void aWrongValueIsNamedWithItsRemedy(String name, String value) {
        read(Map.of(CaptureScope.PREFIX + name, value));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.object()).isEqualTo("Pod shop/web");
            assertThat(problem.field()).isEqualTo("metadata.annotations[traffic.sidecar.istio.io/" + name + "]");
            assertThat(problem.remedy()).startsWith("separate values by commas, as ");
        });
    }

    @Test
    void anAnnotationReplacesTheMeshsDefaultWhole() {
        CaptureScope defaults = read(Map.of(
                "traffic.sidecar.istio.io/excludeInboundPorts", "9100",
                "traffic.sidecar.istio.io/excludeOutboundPorts", "5432,6379",
                "traffic.sidecar.istio.io/includeOutboundIPRanges", "10.0.0.0/8",
                "traffic.sidecar.istio.io/excludeOutboundIPRanges", "10.1.0.0/16"));

        assertThat(CaptureScope.read("Pod shop/web", Map.of(), defaults, problems))
                .isEqualTo(defaults);
        CaptureScope own = CaptureScope.read(
                "Pod shop/web",
                Map.of(
                        "traffic.sidecar.istio.io/excludeOutboundPorts", "3306",
                        "traffic.sidecar.istio.io/excludeOutboundIPRanges", "",
                        "traffic.sidecar.istio.io/includeOutboundIPRanges", "*"),
                defaults,
                problems);
        assertThat(own.excludeInboundPorts()).containsExactly(9100);
        assertThat(own.excludeOutboundPorts()).containsExactly(3306);
        assertThat(own.excludeOutboundRanges()).isEmpty();
        assertThat(own.outboundAll()).isTrue();
        assertThat(own.includeOutboundRanges()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void aPartThatIsWrongIsTakenAndNotLeftOut() {
        CaptureScope scope = read(Map.of("traffic.sidecar.istio.io/excludeOutboundPorts", "5432,all"));

        assertThat(scope.excludeOutboundPorts()).containsExactly(5432);
        assertThat(scope.outboundAll()).isTrue();
        assertThat(problems).extracting(Problem::message).containsExactly("\"all\" is not a port from 1 to 65535");
    }

    private CaptureScope read(Map<String, String> annotations) {
        return CaptureScope.read("Pod shop/web", annotations, problems);
    }
}
