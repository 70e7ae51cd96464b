package io.tanja.control.translate;

import io.tanja.control.state.Member;
import io.tanja.control.state.MeshState;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.xds.ads.server.Catalog;
import io.tanja.xds.ads.server.ServedResource;
import io.tanja.xds.codec.ProxyConfigCodec;
import io.tanja.xds.codec.ResourceNames;
import io.tanja.xds.codec.ResourceType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One state of the mesh as resources. Immutable from outside; the configuration of a proxy is translated when it is
 * first asked for.
 *
 * <p>Addresses and policies may be read by everybody in the mesh, as in Istio. A proxy's configuration is for that proxy
 * only, since it tells its policies.
 */
public final class MeshCatalog implements Catalog {
    private static final String PROXY_CONFIG = ResourceType.PROXY_CONFIG.url();

    private final String version;
    private final MeshState state;
    private final AddressIndex addresses;
    private final Map<String, ServedResource> authorizations = new LinkedHashMap<>();
    private final Map<String, ServedResource> proxies = new ConcurrentHashMap<>();

    private MeshCatalog(String version, MeshState state, @Nullable MeshCatalog before) {
        this.version = version;
        this.state = state;
        for (ServedResource authorization : Layer4Policies.of(state)) {
            authorizations.put(authorization.name(), authorization);
        }
        this.addresses = AddressIndex.of(state, Layer4Policies.chosen(state), before == null ? null : before.addresses);
    }

    /**
     * Translates a state.
     *
     * @param version name of the state
     * @param before an earlier catalog, of which unchanged resources are kept; null if there is none
     */
    public static MeshCatalog of(String version, MeshState state, @Nullable MeshCatalog before) {
        return new MeshCatalog(version, state, before);
    }

    @Override
    public String version() {
        return version;
    }

    /** The state that it was made from. */
    public MeshState state() {
        return state;
    }

    @Override
    public Collection<ServedResource> all(String typeUrl) {
        if (typeUrl.equals(ResourceType.ADDRESS.url())) {
            return addresses.all();
        }
        return typeUrl.equals(ResourceType.AUTHORIZATION_URL) ? authorizations.values() : List.of();
    }

    @Override
    public List<ServedResource> find(String typeUrl, String key) {
        if (typeUrl.equals(ResourceType.ADDRESS.url())) {
            return addresses.find(key);
        }
        if (typeUrl.equals(PROXY_CONFIG)) {
            ServedResource config = proxies.computeIfAbsent(key, this::proxyConfig);
            return config == null ? List.of() : List.of(config);
        }
        ServedResource authorization = typeUrl.equals(ResourceType.AUTHORIZATION_URL) ? authorizations.get(key) : null;
        return authorization == null ? List.of() : List.of(authorization);
    }

    private @Nullable ServedResource proxyConfig(String uid) {
        Member member = state.member(uid);
        return member == null
                ? null
                : Encoded.resource(
                        uid, List.of(), PROXY_CONFIG, ProxyConfigCodec.encode(ProxyConfigs.of(state, member)));
    }

    @Override
    public @Nullable String refusal(SpiffeId caller, String typeUrl, String key) {
        if (!typeUrl.equals(PROXY_CONFIG)) {
            return null;
        }
        if (key.equals(ResourceNames.WILDCARD)) {
            return "a proxy may read its own configuration only, not that of all";
        }
        Member member = state.member(key);
        if (member == null) {
            // Not there yet, or no more. Its namespace is in its name; the account is checked when it appears.
            String own = state.options().cluster() + "//Pod/" + caller.namespace() + "/";
            return key.startsWith(own)
                    ? null
                    : Quote.printable(key) + " is not a pod of the caller's namespace " + caller.namespace();
        }
        SpiffeId owner = member.workload().identity();
        return owner.equals(caller) ? null : key + " runs as " + owner + ", not as the caller";
    }
}
