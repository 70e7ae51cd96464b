package io.tanja.proxy.identity;

import io.tanja.model.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A control loop that runs when the test says so, on the test's thread, by the test's clock. */
public final class ManualLoop implements ControlLoop {
    private final ManualClock clock;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparing(Alarm::at));

    private record Alarm(Instant at, Runnable task) {}

    /** Makes a loop with nothing to do. */
    public ManualLoop(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        alarms.add(new Alarm(clock.instant().plus(delay), task));
    }

    /** Runs what can run now. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time go by, alarm after alarm. */
    public void pass(Duration time) {
        Instant end = clock.instant().plus(time);
        run();
        for (Alarm next = alarms.peek(); next != null && !next.at.isAfter(end); next = alarms.peek()) {
            alarms.remove();
            if (next.at.isAfter(clock.instant())) {
                clock.advance(Duration.between(clock.instant(), next.at));
            }
            tasks.add(next.task);
            run();
        }
        clock.advance(Duration.between(clock.instant(), end));
    }
}
