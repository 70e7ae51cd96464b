package io.tanja.xds.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.Workload;
import io.tanja.xds.fake.RandomMesh;
import io.tanja.xds.fake.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records survive the wire, and no bytes make a decoder do anything but decode or refuse. */
class RoundTripTest {
    private static final int RECORDS = 200;
    private static final int MUTATIONS = 40;

    static List<Long> seeds() {
        return Seeds.all();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void recordsSurvive(long seed) throws DecodeException {
        RandomMesh mesh = new RandomMesh(seed);
        for (int i = 0; i < RECORDS; i++) {
            Service service = mesh.service();
            assertThat(ResourceType.ADDRESS.decode(
                            service.key(), AddressCodec.encode(service).toByteString()))
                    .isEqualTo(new AddressResource.OfService(service));
            Workload workload = mesh.workload();
            assertThat(ResourceType.ADDRESS.decode(
                            workload.uid(),
                            AddressCodec.encode(workload, List.of("a/b")).toByteString()))
                    .isEqualTo(new AddressResource.OfWorkload(workload));
            ProxyConfig config = mesh.proxyConfig();
            assertThat(ResourceType.PROXY_CONFIG.decode(
                            config.workload().uid(),
                            ProxyConfigCodec.encode(config).toByteString()))
                    .isEqualTo(config);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedBytesAreRefusedOrDecoded(long seed) {
        RandomMesh mesh = new RandomMesh(seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < RECORDS; i++) {
            Workload workload = mesh.workload();
            ProxyConfig config = mesh.proxyConfig();
            Service service = mesh.service();
            refused += damage(random, ResourceType.ADDRESS, service.key(), AddressCodec.encode(service));
            refused += damage(random, ResourceType.ADDRESS, workload.uid(), AddressCodec.encode(workload, List.of()));
            refused +=
                    damage(random, ResourceType.PROXY_CONFIG, config.workload().uid(), ProxyConfigCodec.encode(config));
        }
        assertThat(refused).isGreaterThan(RECORDS * MUTATIONS);
    }

    private static int damage(Random random, ResourceType<?> type, String name, MessageLite message) {
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = message.toByteArray();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            try {
                type.decode(name, ByteString.copyFrom(bytes, 0, length));
            } catch (DecodeException e) {
                assertThat(e).hasMessageContaining("resource \"" + name).hasMessageContaining("field");
                refused++;
            }
        }
        return refused;
    }
}
