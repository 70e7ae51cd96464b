package io.tanja.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UpstreamPoolTest {
    private static final UpstreamSecurity PLAIN = new UpstreamSecurity.Plain(PlaintextReason.INSIDE_POD);
    private static final UpstreamSecurity MESH = new UpstreamSecurity.MeshTls(
            Set.of(new SpiffeId(TrustDomain.CLUSTER_LOCAL, "a", "b")), "sni", List.of("istio"));

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<EmbeddedChannel> made = new ArrayList<>();
    private long nanos;
    private long generation;
    private @Nullable ConnectException failure;

    private UpstreamPool pool(int perUpstream, int idle, int open) {
        PoolSettings settings =
                new PoolSettings(perUpstream, idle, open, Duration.ofSeconds(60), Duration.ofMinutes(10));
        return new UpstreamPool(
                loop.eventLoop(),
                (where, upstream) -> {
                    if (failure != null) {
                        return ImmediateEventExecutor.INSTANCE.newFailedFuture(failure);
                    }
                    EmbeddedChannel channel = new EmbeddedChannel();
                    channel.config().setAutoRead(false);
                    made.add(channel);
                    return ImmediateEventExecutor.INSTANCE.newSucceededFuture(new Connector.ConnectedChannel(
                            channel, new TransportSecurity.Plaintext(PlaintextReason.INSIDE_POD)));
                },
                settings,
                () -> generation,
                () -> nanos);
    }

    private static Upstream upstream(String name, UpstreamSecurity security) {
        return new Upstream(InetSocketAddress.createUnresolved(name, 80), null, security, null, name);
    }

    private static PooledConnection acquire(UpstreamPool pool, Upstream upstream) {
        List<PooledConnection> taken = new ArrayList<>();
        pool.acquire(upstream, false, new UpstreamPool.Taker() {
            @Override
            public void ready(PooledConnection connection) {
                taken.add(connection);
            }

            @Override
            public void failed(ConnectException cause) {
                throw new AssertionError(cause);
            }
        });
        assertThat(taken).hasSize(1);
        taken.getFirst().occupy(new Nobody());
        return taken.getFirst();
    }

    @Test
    void givesTheLastOneReturnedFirst() {
        UpstreamPool pool = pool(10, 10, 10);
        Upstream upstream = upstream("a", PLAIN);
        PooledConnection one = acquire(pool, upstream);
        PooledConnection two = acquire(pool, upstream);
        one.release();
        two.release();

        // An equal upstream, not the same object, finds them too.
        assertThat(acquire(pool, upstream("a", PLAIN))).isSameAs(two);
        assertThat(acquire(pool, upstream)).isSameAs(one);
        assertThat(one.reused()).isTrue();
        assertThat(pool.openCount()).isEqualTo(2);
        assertThat(pool.idleCount()).isZero();
    }

    @Test
    void doesNotMixUpstreams() {
        UpstreamPool pool = pool(10, 10, 10);
        acquire(pool, upstream("a", PLAIN)).release();
        acquire(pool, upstream("b", PLAIN)).release();
        acquire(pool, upstream("a", MESH)).release();

        assertThat(made).hasSize(3);
        assertThat(pool.idleCount()).isEqualTo(3);
    }

    @Test
    void turnsReadingOnForTheNextUser() {
        UpstreamPool pool = pool(10, 10, 10);
        PooledConnection connection = acquire(pool, upstream("a", PLAIN));
        connection.reading(false);
        connection.release();
        assertThat(made.getFirst().config().isAutoRead())
                .as("an idle one is watched")
                .isTrue();
        connection.reading(false);

        assertThat(acquire(pool, upstream("a", PLAIN))).isSameAs(connection);
        assertThat(made.getFirst().config().isAutoRead()).isTrue();
    }

    @Test
    void leavesConnectionsOfAnOldIdentity() {
        UpstreamPool pool = pool(10, 10, 10);
        acquire(pool, upstream("a", MESH)).release();
        acquire(pool, upstream("a", PLAIN)).release();
        generation++;

        acquire(pool, upstream("a", MESH));
        acquire(pool, upstream("a", PLAIN));
        assertThat(made).as("plaintext has no identity").hasSize(3);
        assertThat(made.getFirst().isActive()).isFalse();
    }

    @Test
    void doesNotKeepAConnectionWhoseIdentityGrewOldInUse() {
        UpstreamPool pool = pool(10, 10, 10);
        PooledConnection connection = acquire(pool, upstream("a", MESH));
        generation++;
        connection.release();

        assertThat(pool.idleCount()).isZero();
        assertThat(made.getFirst().isActive()).isFalse();
    }

    @Test
    void closesWhatIsIdleForTooLong() {
        UpstreamPool pool = pool(10, 10, 10);
        acquire(pool, upstream("a", PLAIN)).release();
        nanos += Duration.ofSeconds(59).toNanos();
        pool.sweep();
        assertThat(pool.idleCount()).isEqualTo(1);
        nanos += Duration.ofSeconds(1).toNanos();
        pool.sweep();

        assertThat(pool.idleCount()).isZero();
        assertThat(pool.openCount()).isZero();
    }

    @Test
    void doesNotUseWhatIsTooOld() {
        UpstreamPool pool = pool(10, 10, 10);
        PooledConnection connection = acquire(pool, upstream("a", PLAIN));
        nanos += Duration.ofMinutes(10).toNanos();
        connection.release();

        assertThat(pool.idleCount()).isZero();
        assertThat(made.getFirst().isActive()).isFalse();
    }

    @Test
    void keepsWithinItsLimits() {
        UpstreamPool pool = pool(2, 3, 10);
        List<PooledConnection> ofA = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ofA.add(acquire(pool, upstream("a", PLAIN)));
        }
        for (PooledConnection connection : ofA) {
            nanos++;
            connection.release();
        }
        assertThat(pool.idleCount()).isEqualTo(2);
        assertThat(ofA.getFirst().channel().isActive()).as("idle for longest").isFalse();
        nanos++;
        acquire(pool, upstream("b", PLAIN)).release();
        nanos++;
        acquire(pool, upstream("c", PLAIN)).release();

        assertThat(pool.idleCount()).isEqualTo(3);
        assertThat(ofA.get(1).channel().isActive()).isFalse();
        assertThat(pool.openCount()).isEqualTo(3);
    }

    @Test
    void refusesMoreThanTheLimitOfOpenConnections() {
        UpstreamPool pool = pool(1, 1, 1);
        acquire(pool, upstream("a", PLAIN));

        assertThatThrownBy(() -> acquire(pool, upstream("a", PLAIN)))
                .hasRootCauseInstanceOf(ConnectException.class)
                .rootCause()
                .extracting(e -> ((ConnectException) e).refusal())
                .isEqualTo(Refusal.LIMIT_REACHED);
    }

    @Test
    void countsFailuresOut() {
        UpstreamPool pool = pool(1, 1, 1);
        failure = new ConnectException(Refusal.CONNECT_REFUSED, "x");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> acquire(pool, upstream("a", PLAIN))).hasRootCause(failure);
        }
        assertThat(pool.openCount()).isZero();
    }

    @Test
    void forgetsWhatThePeerCloses() {
        UpstreamPool pool = pool(10, 10, 10);
        acquire(pool, upstream("a", PLAIN)).release();
        made.getFirst().close().syncUninterruptibly();

        assertThat(pool.idleCount()).isZero();
        assertThat(pool.openCount()).isZero();
        acquire(pool, upstream("a", PLAIN));
        assertThat(made).hasSize(2);
    }

    @Test
    void closesWhoSpeaksUnasked() {
        UpstreamPool pool = pool(10, 10, 10);
        acquire(pool, upstream("a", PLAIN)).release();
        ByteBuf unasked = Unpooled.buffer().writeByte('x');
        made.getFirst().writeInbound(unasked);

        assertThat(unasked.refCnt()).isZero();
        assertThat(made.getFirst().isActive()).isFalse();
        assertThat(pool.idleCount()).isZero();
    }

    @Test
    void isFreshWhenAskedToBe() {
        UpstreamPool pool = pool(10, 10, 10);
        Upstream upstream = upstream("a", PLAIN);
        acquire(pool, upstream).release();
        pool.acquire(upstream, true, new UpstreamPool.Taker() {
            @Override
            public void ready(PooledConnection connection) {
                assertThat(connection.reused()).isFalse();
            }

            @Override
            public void failed(ConnectException cause) {
                throw new AssertionError(cause);
            }
        });

        assertThat(made).hasSize(2);
    }

    @Test
    void servesOneOccupantAtATime() {
        PooledConnection connection = acquire(pool(1, 1, 1), upstream("a", PLAIN));

        assertThatThrownBy(() -> connection.occupy(new Nobody())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closesAllIdleOnes() {
        UpstreamPool pool = pool(10, 10, 10);
        acquire(pool, upstream("a", PLAIN)).release();
        PooledConnection busy = acquire(pool, upstream("b", PLAIN));
        pool.closeIdle();

        assertThat(pool.idleCount()).isZero();
        assertThat(busy.channel().isActive()).isTrue();
        assertThat(made.getFirst().isActive()).isFalse();
    }

    private static final class Nobody implements Occupant {
        @Override
        public void received(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void receivedAll() {}

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void inputEnded() {}

        @Override
        public void closed(@Nullable Throwable cause) {}
    }
}
