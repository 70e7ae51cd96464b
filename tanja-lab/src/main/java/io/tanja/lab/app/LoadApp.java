package io.tanja.lab.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends HTTP/1.1 requests at a steady rate over kept connections and counts strictly: whatever is not a whole answer
 * with status 200 is a failure, a connection that breaks under a request included. It never retries.
 */
public final class LoadApp {
    private static final int MAX_SECONDS = 900;

    private LoadApp() {}

    /**
     * Arguments: URL (an address or a name, plain HTTP), requests per second, connections, seconds (0: until the standard
     * input ends), and {@code fresh} if each request is to have a connection of its own. Prints one line of JSON at the
     * end; exit code 0 if there was no failure, 1 otherwise.
     */
    public static void main(String[] args) throws Exception {
        boolean fresh = args.length == 5 && args[4].equals("fresh");
        if (args.length != 4 && !fresh) {
            throw new IllegalArgumentException("usage: LoadApp URL REQUESTS_PER_SECOND CONNECTIONS SECONDS [fresh]");
        }
        int rate = Integer.parseInt(args[1]);
        int connections = Integer.parseInt(args[2]);
        int seconds = Math.min(Integer.parseInt(args[3]), MAX_SECONDS);
        AtomicBoolean stop = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.set(true)));
        if (seconds == 0) {
            seconds = MAX_SECONDS;
            Thread.ofPlatform().daemon().start(() -> stopAtEnd(System.in, stop));
        }
        Tally tally = run(URI.create(args[0]), rate, connections, seconds, fresh, stop);
        System.out.println(tally.json());
        System.exit(tally.failures == 0 ? 0 : 1);
    }

    private static void stopAtEnd(InputStream in, AtomicBoolean stop) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Who would tell the end is gone, which is the end.
        } finally {
            stop.set(true);
        }
    }

    private static Tally run(URI url, int rate, int connections, int seconds, boolean fresh, AtomicBoolean stop)
            throws Exception {
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        long interval = 1_000_000_000L * connections / rate;
        List<Future<Tally>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                long first = start + interval * i / connections;
                running.add(threads.submit(() -> client(url, first, interval, end, fresh, stop)));
            }
            Tally sum = new Tally();
            for (Future<Tally> client : running) {
                sum.add(client.get());
            }
            return sum;
        }
    }

    private static Tally client(URI url, long first, long interval, long end, boolean fresh, AtomicBoolean stop)
            throws InterruptedException {
        Tally tally = new Tally();
        try (LoadConnection connection = new LoadConnection(url)) {
            for (long due = first; due < end && !stop.get(); due += interval) {
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
                long sent = System.nanoTime();
                try {
                    int status = connection.request();
                    tally.answered(status, System.nanoTime() - sent);
                } catch (IOException broken) {
                    tally.broken(String.valueOf(broken.getMessage()));
                    connection.hangUp();
                }
                if (fresh) {
                    connection.hangUp();
                }
            }
        }
        return tally;
    }

    /** What happened. One writer each; summed up at the end. */
    static final class Tally {
        long requests;
        long failures;
        String firstFailure = "";
        private long[] nanos = new long[1024];

        void answered(int status, long took) {
            if (requests == nanos.length) {
                nanos = Arrays.copyOf(nanos, nanos.length * 2);
            }
            nanos[(int) requests++] = took;
            if (status != 200) {
                fail("status " + status);
            }
        }

        void broken(String why) {
            answered(200, 0);
            fail(why);
        }

        void add(Tally other) {
            for (int i = 0; i < other.requests; i++) {
                answered(200, other.nanos[i]);
            }
            failures += other.failures;
            if (firstFailure.isEmpty()) {
                firstFailure = other.firstFailure;
            }
        }

        String json() {
            long[] sorted = Arrays.copyOf(nanos, (int) requests);
            Arrays.sort(sorted);
            return "{\"requests\":" + requests + ",\"failures\":" + failures + ",\"firstFailure\":\""
                    + firstFailure.replaceAll("[^ -!#-\\[\\]-~]", "?") + "\",\"p50Micros\":" + quantile(sorted, 0.5)
                    + ",\"p99Micros\":" + quantile(sorted, 0.99) + "}";
        }

        private void fail(String why) {
            failures++;
            if (firstFailure.isEmpty()) {
                firstFailure = why;
            }
        }

        private static long quantile(long[] sorted, double q) {
            return sorted.length == 0 ? 0 : sorted[(int) (q * (sorted.length - 1))] / 1000;
        }
    }
}
