package io.tanja.proxy.config;

import static io.tanja.proxy.config.Mesh.ip;
import static io.tanja.proxy.config.Mesh.pod;
import static io.tanja.proxy.config.Mesh.received;
import static io.tanja.proxy.config.Mesh.service;
import static io.tanja.proxy.config.Mesh.unready;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Promise;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.Workload;
import io.tanja.xds.ads.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressBookTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> added = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final AddressBook book = book(100);

    private AddressBook book(int max) {
        AddressBook made = new AddressBook(channel.eventLoop(), max, PATIENCE, () -> "the control plane is away");
        made.subscription(new Subscription() {
            @Override
            public void add(Collection<String> names) {
                added.addAll(names);
            }

            @Override
            public void remove(Collection<String> names) {
                removed.addAll(names);
            }
        });
        return made;
    }

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private Promise<Lookup> ask(String address) {
        Promise<Lookup> promise = channel.eventLoop().newPromise();
        book.resolve(ip(address), promise);
        return promise;
    }

    private void askQuietly(String address) {
        book.resolve(ip(address), channel.eventLoop().newPromise());
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private @Nullable Lookup known(String address) {
        return book.table().lookup(ip(address));
    }

    @Test
    void asksForAnAddressOnceHoweverManyWait() {
        Promise<Lookup> one = ask("10.1.0.2");
        Promise<Lookup> other = ask("10.1.0.2");
        assertThat(added).containsExactly("/10.1.0.2");
        Workload web = pod("web", "10.1.0.2");

        book.onUpdate(received(web));
        book.onApplied();

        assertThat(one.getNow()).isEqualTo(new Lookup.WorkloadHit(web));
        assertThat(other.getNow()).isEqualTo(new Lookup.WorkloadHit(web));
        assertThat(known("10.1.0.2")).isEqualTo(new Lookup.WorkloadHit(web));
        assertThat(ask("10.1.0.2").isDone()).isTrue();
        assertThat(added).hasSize(1);
    }

    @Test
    void aServiceComesWithItsWorkloads() {
        Promise<Lookup> promise = ask("10.96.0.9");
        Service web = service("web", "10.96.0.9");
        Workload one = pod("web-1", "10.1.0.2", "web");
        Workload other = pod("web-2", "10.1.0.3", "web", "also");
        book.onUpdate(received(other));
        book.onUpdate(received(web));
        book.onUpdate(received(one));
        book.onApplied();

        assertThat(promise.getNow()).isInstanceOfSatisfying(Lookup.ServiceHit.class, hit -> {
            assertThat(hit.service()).isEqualTo(web);
            assertThat(hit.workloads()).containsExactlyInAnyOrder(one, other);
        });
        assertThat(known("10.1.0.3")).isEqualTo(new Lookup.WorkloadHit(other));
        book.onRemoved(one.uid());
        book.onApplied();
        assertThat(known("10.96.0.9")).isEqualTo(new Lookup.ServiceHit(web, List.of(other)));
        assertThat(known("10.1.0.2")).isNull();
    }

    @Test
    void anAbsenceIsRememberedAndALaterAppearanceIsTold() {
        Promise<Lookup> promise = ask("192.0.2.1");
        book.onRemoved("/192.0.2.1");
        book.onApplied();
        assertThat(promise.getNow()).isEqualTo(new Lookup.NotInMesh());
        assertThat(known("192.0.2.1")).isEqualTo(new Lookup.NotInMesh());
        assertThat(removed).isEmpty();
        Workload late = pod("late", "192.0.2.1");

        book.onUpdate(received(late));
        book.onApplied();

        assertThat(known("192.0.2.1")).isEqualTo(new Lookup.WorkloadHit(late));
    }

    @Test
    void withoutAnAnswerItIsUnavailableAndNeverOutsideTheMesh() {
        Promise<Lookup> promise = ask("10.1.0.2");
        pass(PATIENCE.minusMillis(1));
        assertThat(promise.isDone()).isFalse();
        pass(Duration.ofMillis(1));

        assertThat(promise.getNow())
                .isEqualTo(new Lookup.Unavailable("no answer for /10.1.0.2 within 2000 ms, the control plane is away"));
        assertThat(known("10.1.0.2")).isNull();
        book.onRemoved("/10.1.0.2");
        book.onApplied();
        assertThat(ask("10.1.0.2").getNow()).isEqualTo(new Lookup.NotInMesh());
        assertThat(added).hasSize(1);
    }

    @Test
    void aWorkloadThatIsGoneIsAskedForAgainAndNotTakenAsOutside() {
        askQuietly("10.1.0.2");
        Workload old = pod("old", "10.1.0.2");
        book.onUpdate(received(old));
        book.onApplied();

        book.onRemoved(old.uid());
        book.onApplied();

        assertThat(known("10.1.0.2")).isNull();
        assertThat(added).containsExactly("/10.1.0.2", "/10.1.0.2");
        Promise<Lookup> promise = ask("10.1.0.2");
        assertThat(promise.isDone()).isFalse();
        Workload next = pod("next", "10.1.0.2");
        book.onUpdate(received(next));
        book.onApplied();
        assertThat(promise.getNow()).isEqualTo(new Lookup.WorkloadHit(next));
    }

    @Test
    void anAddressThatPassesToAnotherWorkloadAtOnceIsNotAskedForAgain() {
        askQuietly("10.1.0.2");
        Workload old = pod("old", "10.1.0.2");
        book.onUpdate(received(old));
        book.onApplied();
        Workload next = pod("next", "10.1.0.2");

        book.onUpdate(received(next));
        book.onRemoved(old.uid());
        book.onApplied();

        assertThat(known("10.1.0.2")).isEqualTo(new Lookup.WorkloadHit(next));
        assertThat(added).hasSize(1);
    }

    @Test
    void aReadyWorkloadWinsOverOneThatEnds() {
        Workload ending = unready(pod("ending", "10.1.0.2"));
        Workload ready = pod("ready", "10.1.0.2");
        for (List<Workload> order : List.of(List.of(ending, ready), List.of(ready, ending))) {
            order.forEach(each -> book.onUpdate(received(each)));
            book.onApplied();
            assertThat(known("10.1.0.2")).isEqualTo(new Lookup.WorkloadHit(ready));
        }
    }

    @Test
    void aRefusedAnswerEndsTheWaitAndIsNoAbsence() {
        Promise<Lookup> promise = ask("10.1.0.2");

        book.onRejected("Kubernetes//Pod/test/web", List.of("/10.1.0.2"), "field name: is missing");
        book.onApplied();

        assertThat(promise.getNow())
                .isEqualTo(new Lookup.Unavailable("the control plane's answer cannot be used: field name: is missing"));
        assertThat(known("10.1.0.2")).isNull();
    }

    private Promise<Lookup> awaitEndpoint(String address) {
        Promise<Lookup> promise = channel.eventLoop().newPromise();
        book.awaitEndpoint(ip(address), promise);
        return promise;
    }

    @Test
    void whoComesAMomentBeforeTheFirstReadyWorkloadWaitsForIt() {
        askQuietly("10.96.0.9");
        Service web = service("web", "10.96.0.9");
        Workload pod = pod("web-1", "10.1.0.2", "web");
        book.onUpdate(received(web));
        book.onUpdate(received(unready(pod)));
        book.onApplied();
        Promise<Lookup> early = awaitEndpoint("10.96.0.9");
        pass(AddressBook.ENDPOINT_PATIENCE.minusMillis(1));
        assertThat(early.isDone()).isFalse();

        book.onUpdate(received(pod));
        book.onApplied();

        assertThat(early.getNow()).isEqualTo(new Lookup.ServiceHit(web, List.of(pod)));
        assertThat(awaitEndpoint("10.96.0.9").getNow()).isEqualTo(new Lookup.ServiceHit(web, List.of(pod)));
    }

    @Test
    void aServiceThatIsDownIsWaitedForOnceEachTimeItGoesDown() {
        askQuietly("10.96.0.9");
        Service web = service("web", "10.96.0.9");
        Workload pod = pod("web-1", "10.1.0.2", "web");
        Lookup down = new Lookup.ServiceHit(web, List.of(unready(pod)));
        book.onUpdate(received(web));
        book.onUpdate(received(unready(pod)));
        book.onApplied();
        Promise<Lookup> first = awaitEndpoint("10.96.0.9");
        pass(AddressBook.ENDPOINT_PATIENCE);
        assertThat(first.getNow()).isEqualTo(down);
        assertThat(awaitEndpoint("10.96.0.9").getNow()).isEqualTo(down);
        book.onApplied();
        assertThat(awaitEndpoint("10.96.0.9").getNow()).isEqualTo(down);

        book.onUpdate(received(pod));
        book.onApplied();
        pass(AddressBook.ENDPOINT_PATIENCE);
        book.onUpdate(received(unready(pod)));
        book.onApplied();

        assertThat(awaitEndpoint("10.96.0.9").isDone()).isFalse();
    }

    @Test
    void theOldestUnusedAddressIsGivenUpWithAllThatCameWithIt() {
        AddressBook small = book(3);
        small.resolve(ip("10.96.0.1"), channel.eventLoop().newPromise());
        small.resolve(ip("10.96.0.2"), channel.eventLoop().newPromise());
        small.resolve(ip("10.1.0.9"), channel.eventLoop().newPromise());
        Workload a = pod("a", "10.1.0.1", "a");
        Workload b = pod("b", "10.1.0.2", "b");
        Workload both = pod("both", "10.1.0.3", "a", "b");
        small.onUpdate(received(service("a", "10.96.0.1")));
        small.onUpdate(received(service("b", "10.96.0.2")));
        List.of(a, b, both).forEach(each -> small.onUpdate(received(each)));
        small.onRemoved("/10.1.0.9");
        small.onApplied();
        small.table().lookup(ip("10.96.0.2"));
        small.table().lookup(ip("10.1.0.9"));
        small.resolve(ip("10.1.0.10"), channel.eventLoop().newPromise());

        assertThat(removed).contains("/10.96.0.1", "test/a.test.svc.cluster.local", a.uid());
        assertThat(removed).doesNotContain(b.uid(), both.uid(), "/10.96.0.2", "/10.1.0.9");
        assertThat(small.table().lookup(ip("10.96.0.1"))).isNull();
        assertThat(small.table().lookup(ip("10.1.0.1"))).isNull();
        assertThat(small.table().lookup(ip("10.1.0.3"))).isEqualTo(new Lookup.WorkloadHit(both));
        assertThat(small.evictions()).isEqualTo(1);
    }

    @Test
    void theBookStaysBoundedWhoeverAsks() {
        AddressBook small = book(50);
        for (int i = 0; i < 5000; i++) {
            String address = "10.2." + i / 250 + "." + i % 250;
            small.resolve(ip(address), channel.eventLoop().newPromise());
            small.onRemoved("/" + address);
            small.onApplied();
        }

        assertThat(small.subscribed()).isLessThanOrEqualTo(50);
        assertThat(small.table().size()).isLessThanOrEqualTo(50);
        assertThat(removed.size()).isGreaterThanOrEqualTo(4900);
    }

    @Test
    void theBookStaysBoundedWhileTheControlPlaneIsAway() {
        AddressBook small = book(50);
        for (int i = 0; i < 1000; i++) {
            small.resolve(
                    ip("10.2." + i / 250 + "." + i % 250), channel.eventLoop().newPromise());
        }
        assertThat(small.subscribed()).isEqualTo(1000);
        pass(PATIENCE);
        small.resolve(ip("10.3.0.1"), channel.eventLoop().newPromise());

        assertThat(small.subscribed()).isEqualTo(50);
    }

    @Test
    void askingInTheBackgroundIsBounded() {
        for (int i = 0; i < 200; i++) {
            book.askInBackground(ip("10.2.0." + i));
        }
        assertThat(added).hasSize(64);
        pass(PATIENCE);
        book.askInBackground(ip("10.3.0.1"));
        assertThat(added).hasSize(65);
    }
}
