package io.tanja.proxy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.model.identity.SpiffeId;
import io.tanja.proxy.app.AppProbe;
import io.tanja.proxy.app.AppScrape;
import io.tanja.proxy.observe.AccessLogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyOptionsTest {
    @TempDir
    Path folder;

    private final List<String> files = new ArrayList<>();

    @BeforeEach
    void files() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "t");
        Path root = Files.writeString(folder.resolve("root.pem"), "r");
        files.addAll(List.of("--token-file", token.toString(), "--root-cert-file", root.toString()));
    }

    private ProxyOptions read(Map<String, String> environment, String... flags) throws OptionsException {
        List<String> all = new ArrayList<>(files);
        all.addAll(List.of(flags));
        return ProxyOptions.read(all, environment);
    }

    private static Map<String, String> pod() {
        return Map.of(
                "CA_ADDR", "istiod.istio-system.svc:15012",
                "POD_NAME", "web-1",
                "POD_NAMESPACE", "shop",
                "SERVICE_ACCOUNT", "web",
                "TRUST_DOMAIN", "example.org",
                "INSTANCE_IP", "10.1.0.7",
                "ISTIO_META_CLUSTER_ID", "c1");
    }

    @Test
    void aPodMadeForIstioNeedsNothingElse() throws OptionsException {
        ProxyOptions options = read(pod());

        assertThat(options.identity()).isEqualTo(SpiffeId.parse("spiffe://example.org/ns/shop/sa/web"));
        assertThat(options.uid()).isEqualTo("c1//Pod/shop/web-1");
        assertThat(options.controlHost()).isEqualTo("istiod.istio-system.svc");
        assertThat(options.controlName()).isEqualTo("istiod.istio-system.svc");
        assertThat(options.controlPort()).isEqualTo(15012);
        assertThat(List.of(options.inboundPort(), options.outboundPort(), options.readyPort(), options.statsPort()))
                .containsExactly(15006, 15001, 15021, 15090);
        assertThat(options.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.certificateTtl()).isEqualTo(Duration.ofHours(24));
        assertThat(options.accessLog()).isEqualTo("-");
        assertThat(options.openSsl()).isTrue();
        assertThat(options.http10()).isFalse();
    }

    @Test
    void oldHttpIsServedOnlyIfSomebodySaysSo() throws OptionsException {
        assertThat(read(pod(), "--http10=on").http10()).isTrue();
        assertThat(read(pod(), "--http10=off").http10()).isFalse();
        assertThatThrownBy(() -> read(pod(), "--http10=true"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("--http10");
    }

    @Test
    void theApplicationsProbesAndMetricsComeFromIstiosVariables() throws OptionsException {
        Map<String, String> environment = new HashMap<>(pod());
        environment.put("ISTIO_KUBE_APP_PROBERS", "{\"/app-health/web/livez\":{\"tcpSocket\":{\"port\":8080}}}");
        environment.put("ISTIO_PROMETHEUS_ANNOTATIONS", "{\"scrape\":\"true\",\"port\":\"9090\"}");

        ProxyOptions options = read(environment);
        assertThat(options.mergedPort()).isEqualTo(15020);
        assertThat(options.probes())
                .containsExactly(
                        Map.entry("/app-health/web/livez", new AppProbe.TcpSocket(8080, Duration.ofSeconds(1))));
        assertThat(options.scrape()).isEqualTo(new AppScrape(9090, "/metrics"));
        assertThat(options.app().pod().getHostAddress()).isEqualTo("10.1.0.7");
        assertThat(read(pod()).probes()).isEmpty();
        assertThat(read(pod()).scrape()).isNull();
    }

    @Test
    void aVariableThatCannotBeReadIsNamedWithEntryAndField() {
        Map<String, String> environment = new HashMap<>(pod());
        environment.put("ISTIO_KUBE_APP_PROBERS", "{\"/app-health/web/livez\":{\"tcpSocket\":{\"port\":\"http\"}}}");
        environment.put("ISTIO_PROMETHEUS_ANNOTATIONS", "scrape");
        environment.put("INSTANCE_IP", "web.test");

        assertThatThrownBy(() -> read(environment))
                .isInstanceOfSatisfying(
                        OptionsException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        "ISTIO_KUBE_APP_PROBERS: \"/app-health/web/livez\" tcpSocket port: \"http\" is a name;"
                                                + " a probe needs the number; correct the container's probe, which injection"
                                                + " copies",
                                        "ISTIO_PROMETHEUS_ANNOTATIONS: is not JSON: expected a value at character 1; correct"
                                                + " the pod's annotation prometheus.io",
                                        "--pod-ip: \"web.test\" is not an IP address; give the pod's, as status.podIP has"
                                                + " it"));
    }

    @Test
    void flagsBeatTheEnvironment() throws OptionsException {
        ProxyOptions options = read(
                pod(),
                "--control=[fd00::1]:15012",
                "--control-name",
                "tanja-control",
                "--namespace",
                "other",
                "--access-log",
                "off",
                "--access-log-format=text",
                "--tls-provider=jdk",
                "--drain=1m30s",
                "--socket-mark=0x539",
                "--event-loops=3");

        assertThat(options.controlHost()).isEqualTo("fd00::1");
        assertThat(options.controlName()).isEqualTo("tanja-control");
        assertThat(options.identity().namespace()).isEqualTo("other");
        assertThat(options.accessLog()).isNull();
        assertThat(options.accessLogFormat()).isEqualTo(AccessLogSettings.Format.TEXT);
        assertThat(options.openSsl()).isFalse();
        assertThat(options.drain()).isEqualTo(Duration.ofSeconds(90));
        assertThat(options.socketMark()).isEqualTo(1337);
        assertThat(options.eventLoops()).isEqualTo(3);
    }

    @Test
    void allProblemsAreToldAtOnceEachWithFlagAndRemedy() {
        List<String> flags = List.of(
                "--inbound-port",
                "70000",
                "--drain=soon",
                "--tls-provider",
                "gnutls",
                "--frobnicate=1",
                "--token-file",
                "/no/such/token",
                "--root-cert-file",
                "/no/such/root.pem",
                "--control");

        assertThatThrownBy(() -> ProxyOptions.read(flags, Map.of()))
                .isInstanceOfSatisfying(
                        OptionsException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        "--frobnicate: there is no such flag; --help lists them",
                                        "--control: has no value; give it as --control VALUE",
                                        "--control: is missing; give HOST:PORT of the control plane, or set CA_ADDR",
                                        "--namespace: is missing; give the pod's namespace, or set POD_NAMESPACE",
                                        "--pod: is missing; give the name of the pod, or set POD_NAME",
                                        "--token-file: cannot read /no/such/token; mount it, or name another file",
                                        "--root-cert-file: cannot read /no/such/root.pem; mount it, or name another file",
                                        "--inbound-port: \"70000\" is not a number from 0 to 65535; correct it",
                                        "--tls-provider: \"gnutls\" is not known; give one of openssl, jdk",
                                        "--drain: \"soon\" is not a duration; give a number with a unit, such as 500ms, 5s,"
                                                + " 10m, 24h"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "host:",
                ":15012",
                "host:0",
                "host:65536",
                "fd00::1:15012",
                "[fd00::1",
                "host:1/x",
                "a/b:1"
            })
    void badControlAddressesAreRefused(String address) {
        assertThatThrownBy(() -> read(pod(), "--control", address))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("--control: \"" + address + "\" is not HOST:PORT");
    }

    @Test
    void namesThatNoPodCanHaveAreRefused() {
        assertThatThrownBy(() -> read(pod(), "--service-account", "a/../b\n"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("a/../b\\u000a");
    }

    @ParameterizedTest
    @CsvSource({"5s,5000", "500ms,500", "24h0m0s,86400000", "1h30m,5400000", "0s,0"})
    void durationsAreGos(String text, long millis) {
        assertThat(Inputs.parseDuration(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5x", "-5s", "5 s", "9999999999s", "1.5s"})
    void otherTextIsNoDuration(String text) {
        assertThat(Inputs.parseDuration(text)).isNull();
    }

    @Test
    void theHelpNamesEveryFlag() {
        assertThat(ProxyOptions.help())
                .contains(
                        "--control ",
                        "--token-file",
                        "--drain",
                        "[CA_ADDR]",
                        "[POD_NAMESPACE]",
                        "tanja-proxy --control");
    }

    @Test
    void theFlagsOfTheJvmAreOneForEachLine() {
        assertThat(ProxyJvm.flags())
                .contains("-XX:+UseSerialGC")
                .allMatch(flag -> flag.startsWith("-") && !flag.contains(" "));
        assertThat(ProxyJvm.environment()).containsKey("MALLOC_ARENA_MAX");
    }
}
