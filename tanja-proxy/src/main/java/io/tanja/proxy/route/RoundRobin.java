package io.tanja.proxy.route;

import io.tanja.proxy.route.OutboundPlan.Endpoint;
import io.tanja.proxy.upstream.Upstream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Takes the endpoints of each cluster in turn, from a random start so that many clients do not march in step. */
public final class RoundRobin {
    private final RandomGenerator random;
    private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

    /** Makes a chooser; {@code random} must be safe for use by all event loops. */
    public RoundRobin(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Chooses an endpoint.
     *
     * @param endpoints at least one
     * @param tried those that have failed already; they are avoided while there are others
     */
    public Endpoint choose(List<Endpoint> endpoints, Collection<Upstream> tried) {
        if (endpoints.size() == 1) {
            return endpoints.getFirst();
        }
        String cluster = endpoints.getFirst().tcp().cluster();
        int turn = turns.computeIfAbsent(cluster, name -> new AtomicInteger(random.nextInt()))
                .getAndIncrement();
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(Math.floorMod(turn + i, endpoints.size()));
            if (tried.isEmpty() || !tried.contains(endpoint.http()) && !tried.contains(endpoint.tcp())) {
                return endpoint;
            }
        }
        return endpoints.get(Math.floorMod(turn, endpoints.size()));
    }
}
