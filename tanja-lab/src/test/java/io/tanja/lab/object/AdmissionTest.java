package io.tanja.lab.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.lab.net.AddressPlan;
import io.tanja.lab.object.Admission.Change;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdmissionTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-31T12:00:00.5Z"));

    private final Store store = new Store();
    private final Admission admission = new Admission(store, new AddressPlan(true), CLOCK, () -> new UUID(1, 2));

    @BeforeEach
    void namespace() throws Rejected {
        admit("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
    }

    @Test
    void whatTheServerAddsStaysWhenTheTextIsAppliedAgain() throws Rejected {
        String service = service("");
        admit(service);
        String first = only(Kind.SERVICE).tree().toString();

        assertThat(admit(service)).isEqualTo(Change.UNCHANGED);
        assertThat(only(Kind.SERVICE).tree()).hasToString(first);
        assertThat(only(Kind.SERVICE).metadata().path("creationTimestamp").asString(""))
                .isEqualTo("2026-01-31T12:00:00Z");
    }

    @Test
    void aChangeKeepsTheAddressAndRaisesTheGeneration() throws Rejected {
        admit(service(""));
        String address = only(Kind.SERVICE).spec().path("clusterIP").asString("");

        assertThat(admit(service("").replace("port: 80", "port: 81"))).isEqualTo(Change.CONFIGURED);
        assertThat(only(Kind.SERVICE).spec().path("clusterIP").asString("")).isEqualTo(address);
        assertThat(only(Kind.SERVICE).metadata().path("generation").asInt(0)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                                                  | 10.96.0.10
                    , ipFamilyPolicy: PreferDualStack             | 10.96.0.10 fd74:616e:6a61:2::a
                    , ipFamilies: [IPv6]                          | fd74:616e:6a61:2::a
                    , ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6, IPv4] | fd74:616e:6a61:2::a 10.96.0.10
                    , clusterIP: None                             |
                    , clusterIP: 10.96.9.9                        |
                    """)
    void aServiceGetsAddressesAsOnADualStackCluster(@Nullable String fields, @Nullable String addresses)
            throws Rejected {
        admit(service(fields == null ? "" : fields));

        assertThat(String.join(" ", Yaml.strings(only(Kind.SERVICE).spec().path("clusterIPs"))))
                .isEqualTo(addresses == null ? "" : addresses);
    }

    @Test
    void aFreedAddressIsNotUsedAgainAtOnce() throws Rejected {
        admit(service(""));
        LabObject service = only(Kind.SERVICE);
        store.remove(service.key());
        admission.forget(service.key());
        admit(service(""));

        assertThat(only(Kind.SERVICE).spec().path("clusterIP").asString("")).isEqualTo("10.96.0.11");
    }

    @Test
    void labelsThatOthersSetStayButThoseOfTheFormerTextGo() throws Rejected {
        admit("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: '1', b: '2'}}\n");
        only(Kind.NAMESPACE).metadata().withObjectProperty("labels").put("istio-injection", "enabled");
        admit("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {b: '3'}}\n");

        assertThat(only(Kind.NAMESPACE).labels())
                .containsEntry("b", "3")
                .containsEntry("istio-injection", "enabled")
                .doesNotContainKey("a");
    }

    @Test
    void allReasonsOfARefusalAreToldTogether() throws Rejected {
        List<LabObject> objects = Manifests.read("""
                        apiVersion: v1
                        kind: ServiceAccount
                        metadata: {name: a, namespace: nowhere}
                        ---
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: shop}
                        ---
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: p, namespace: shop}
                        spec: {serviceAccountName: nobody, containers: [{name: c, image: nginx}]}
                        """, "test", "shop").objects();

        assertThatThrownBy(() -> admission.check(objects, true))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("namespace \"nowhere\" does not exist")
                .hasMessageContaining("Namespace shop already exists")
                .hasMessageContaining("no ServiceAccount \"nobody\"");
    }

    @Test
    void aPodsSpecIsNotChangedInPlace() throws Rejected {
        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx}]}\n";
        admit(pod);

        assertThat(admit(pod)).isEqualTo(Change.UNCHANGED);
        assertThatThrownBy(() -> admit(pod.replace("nginx", "alpine")))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("delete it first");
    }

    private Change admit(String text) throws Rejected {
        List<LabObject> objects = Manifests.read(text, "test", "shop").objects();
        admission.check(objects, false);
        return admission.admit(objects.getFirst());
    }

    private LabObject only(Kind kind) {
        assertThat(store.list(kind)).hasSize(1);
        return store.list(kind).getFirst();
    }

    private static String service(String fields) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]"
                + fields + "}\n";
    }
}
