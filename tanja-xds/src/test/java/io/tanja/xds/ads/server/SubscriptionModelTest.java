package io.tanja.xds.ads.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.envoy.service.discovery.v3.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories: whatever happens in between, a client that applies what it gets ends up with what there is. */
class SubscriptionModelTest {
    private static final SpiffeId CALLER = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/default");
    private static final Limits SMALL = new Limits(4, 100, 100, 120);
    private static final int NAMES = 8;
    private static final int STEPS = 400;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 20261123})
    void endsWithWhatThereIs(long seed) throws Exception {
        Random random = new Random(seed);
        Client client = new Client(random.nextBoolean());
        FakeCatalog catalog =
                FakeCatalog.version("0").key("/vip", "r0", "r1", "r2").key("/alias", "r3");
        client.connect(catalog);
        for (int step = 1; step <= STEPS; step++) {
            switch (random.nextInt(6)) {
                case 0 -> catalog = catalog.at("v" + step).with("r" + random.nextInt(NAMES), "t" + step);
                case 1 -> catalog = catalog.at("v" + step).without("r" + random.nextInt(NAMES));
                case 2 -> client.subscribe(key(random));
                case 3 -> client.unsubscribe(key(random));
                case 4 -> client.answer(random.nextBoolean());
                default -> {
                    if (random.nextInt(10) == 0) {
                        client.connect(catalog);
                    }
                }
            }
            client.drain(catalog);
            assertThat(client.view()).as("seed %s step %s", seed, step).isEqualTo(client.wanted(catalog));
        }
    }

    private static String key(Random random) {
        int n = random.nextInt(NAMES + 2);
        return n == NAMES ? "/vip" : n == NAMES + 1 ? "/alias" : "r" + n;
    }

    /** A client that believes all it is told. */
    private static final class Client {
        private final boolean wildcard;
        private final Set<String> keys = new HashSet<>();
        private final Map<String, String> held = new HashMap<>();
        private Subscription subscription = new Subscription(FakeCatalog.TYPE, CALLER, SMALL);
        private String nonce = "";
        private int nonces;

        Client(boolean wildcard) {
            this.wildcard = wildcard;
            if (!wildcard) {
                keys.add("/vip");
            }
        }

        void connect(FakeCatalog catalog) throws StreamRefusedException {
            subscription = new Subscription(FakeCatalog.TYPE, CALLER, SMALL);
            held.keySet().retainAll(wanted(catalog, held.keySet()));
            DeltaDiscoveryRequest.Builder first = DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(FakeCatalog.TYPE)
                    .putAllInitialResourceVersions(held);
            if (!wildcard) {
                first.addAllResourceNamesSubscribe(keys);
                // Nothing to ask for is not the same as everything.
                first.addResourceNamesSubscribe("*").addResourceNamesUnsubscribe("*");
            }
            subscription.open(first.build());
            keys.addAll(wildcard ? Set.of() : held.keySet());
        }

        void subscribe(String key) throws StreamRefusedException {
            if (!wildcard) {
                keys.add(key);
                subscription.update(request().addResourceNamesSubscribe(key).build());
            }
        }

        void unsubscribe(String key) throws StreamRefusedException {
            if (!wildcard) {
                keys.remove(key);
                subscription.update(request().addResourceNamesUnsubscribe(key).build());
            }
        }

        void answer(boolean accepted) throws StreamRefusedException {
            DeltaDiscoveryRequest.Builder answer = request().setResponseNonce(nonce);
            if (!accepted) {
                answer.setErrorDetail(
                        io.tanja.xds.proto.google.rpc.Status.newBuilder().setMessage("no"));
            }
            subscription.update(answer.build());
        }

        void drain(Catalog catalog) throws StreamRefusedException {
            for (int i = 0; subscription.mustLook(catalog); i++) {
                assertThat(i).as("responses without an end").isLessThan(50);
                @Nullable
                DeltaDiscoveryResponse response = subscription.next(catalog, () -> Integer.toString(++nonces));
                if (response != null) {
                    nonce = response.getNonce();
                    response.getRemovedResourcesList().forEach(held::remove);
                    for (Resource resource : response.getResourcesList()) {
                        held.put(resource.getName(), resource.getVersion());
                    }
                }
            }
            // What no key stands for any more, the client drops by itself.
            held.keySet().retainAll(wanted(catalog, held.keySet()));
        }

        Map<String, String> view() {
            return Map.copyOf(held);
        }

        Map<String, String> wanted(Catalog catalog) {
            Map<String, String> out = new HashMap<>();
            if (wildcard) {
                catalog.all(FakeCatalog.TYPE).forEach(r -> out.put(r.name(), r.version()));
            }
            for (String key : keys) {
                catalog.find(FakeCatalog.TYPE, key).forEach(r -> out.put(r.name(), r.version()));
            }
            return out;
        }

        /** Of some names, those that the client still has a key for, or that the catalog does not have any more. */
        private Set<String> wanted(Catalog catalog, Set<String> names) {
            Set<String> wanted = wanted(catalog).keySet();
            Set<String> out = new HashSet<>();
            for (String name : names) {
                if (wanted.contains(name)
                        || catalog.find(FakeCatalog.TYPE, name).isEmpty()) {
                    out.add(name);
                }
            }
            return out;
        }

        private static DeltaDiscoveryRequest.Builder request() {
            return DeltaDiscoveryRequest.newBuilder().setTypeUrl(FakeCatalog.TYPE);
        }
    }
}
