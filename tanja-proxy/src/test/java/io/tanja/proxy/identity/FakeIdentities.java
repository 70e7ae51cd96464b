package io.tanja.proxy.identity;

import io.tanja.model.identity.SpiffeId;
import io.tanja.pki.TestIdentity;
import io.tanja.pki.trust.PeerIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Identities that a test hands out by hand. */
public final class FakeIdentities implements IdentitySource {
    private final List<Consumer<IdentitySnapshot>> listeners = new ArrayList<>();
    private @Nullable IdentitySnapshot current;

    /** A source that has an identity from the start. */
    public static FakeIdentities of(TestIdentity identity) {
        FakeIdentities identities = new FakeIdentities();
        identities.publish(identity);
        return identities;
    }

    /** Hands out the next identity. */
    public void publish(TestIdentity identity) {
        publish(new IdentitySnapshot(
                id(identity), identity.key(), identity.chain(), identity.roots(), identity.notAfter()));
    }

    /** Hands out the next identity. */
    public synchronized void publish(IdentitySnapshot snapshot) {
        current = snapshot;
        listeners.forEach(listener -> listener.accept(snapshot));
    }

    @Override
    public synchronized @Nullable IdentitySnapshot current() {
        return current;
    }

    @Override
    public synchronized void subscribe(Consumer<IdentitySnapshot> listener) {
        listeners.add(listener);
        IdentitySnapshot now = current;
        if (now != null) {
            listener.accept(now);
        }
    }

    private static SpiffeId id(TestIdentity identity) {
        return switch (PeerIdentity.of(identity.leaf())) {
            case PeerIdentity.Claimed(SpiffeId id) -> id;
            case PeerIdentity.None(String detail) -> throw new IllegalArgumentException(detail);
        };
    }
}
