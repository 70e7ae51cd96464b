package io.tanja.control.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder tree of manifests ({@code *.yaml}, {@code *.yml}, {@code *.json}), watched.
 *
 * <p>A change is noticed through the file system's events, and without them by looking every two seconds. A file counts
 * as a whole: if any of its documents is broken, the objects of its last sound content stay in force. One thread runs
 * all of it after {@link #start}.
 */
public final class ManifestFolder implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestFolder.class);

    /** The largest file that is read, in bytes; that of {@code ManifestReader}. */
    private static final int MAX_BYTES = 8 << 20;
    /** Quiet time after which a burst of events counts as over, in milliseconds. */
    private static final long QUIET_MILLIS = 30;
    /** Longest burst that is waited for, in milliseconds: a file that is written all the time must not hide others. */
    private static final long BURST_MILLIS = 250;
    /** How often the folder is looked at without any event, in milliseconds. */
    private static final long RESCAN_MILLIS = 2_000;
    /** The same while the folder is lost or a file seems to be gone. */
    private static final long RETRY_MILLIS = 110;

    private final Path root;
    private final FolderState state;
    private final LongSupplier nanoTime;
    private final ThreadFactory threads;
    private @Nullable Thread thread;
    private FolderEvents events = FolderEvents.none();
    private @Nullable Consumer<SourceSnapshot> sink;
    private SourceSnapshot last = SourceSnapshot.EMPTY;
    private boolean lost;

    /**
     * Makes a source that is not watching yet.
     *
     * @param root the folder
     * @param nanoTime a monotonic clock in nanoseconds
     * @param threads makes the one thread; a virtual one is meant
     */
    public ManifestFolder(Path root, LongSupplier nanoTime, ThreadFactory threads) {
        this.root = root.toAbsolutePath().normalize();
        this.nanoTime = nanoTime;
        this.threads = threads;
        this.state = new FolderState(this.root, ManifestFolder::read);
    }

    @Override
    public void start(Consumer<SourceSnapshot> snapshots) {
        if (thread != null) {
            throw new IllegalStateException("already started");
        }
        sink = snapshots;
        try {
            events = FolderEvents.open(root.getFileSystem());
        } catch (IOException e) {
            LOG.warn(
                    "no file watches folder=\"{}\" reason=\"{}\" effect=\"changes are noticed within {} ms\"",
                    root,
                    e.getMessage(),
                    RESCAN_MILLIS);
        }
        look(Set.of());
        last = state.snapshot();
        snapshots.accept(last);
        thread = threads.newThread(this::watch);
        thread.start();
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join();
            events.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look(await(lost || state.unsettled() ? RETRY_MILLIS : RESCAN_MILLIS));
                SourceSnapshot now = state.snapshot();
                if (!now.equals(last) && sink != null) {
                    last = now;
                    sink.accept(now);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("watch ends folder=\"{}\"", root);
        }
    }

    /** Waits for a burst of events to end, and returns the files that it named. */
    private Set<Path> await(long millis) throws InterruptedException {
        FolderEvents.Events burst = events.await(millis);
        Set<Path> touched = new HashSet<>();
        long begin = nanoTime.getAsLong();
        while (burst.any()) {
            touched.addAll(burst.files());
            if (nanoTime.getAsLong() - begin > BURST_MILLIS * 1_000_000) {
                break;
            }
            burst = events.await(QUIET_MILLIS);
        }
        return touched;
    }

    private void look(Set<Path> touched) {
        try {
            FolderListing listing = FolderListing.of(root);
            if (follow(listing)) {
                // What came into a new folder before it was watched made no event.
                listing = FolderListing.of(root);
                follow(listing);
            }
            state.update(listing, touched, nanoTime.getAsLong());
            lost = false;
        } catch (IOException | UncheckedIOException e) {
            state.lost(e.getClass().getSimpleName() + " " + e.getMessage());
            lost = true;
        }
    }

    private boolean follow(FolderListing listing) {
        try {
            return events.follow(listing.folders());
        } catch (IOException e) {
            LOG.debug("folder not watched folder=\"{}\" reason=\"{}\"", root, e.getMessage());
            return false;
        }
    }

    private static String read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("it has more than " + MAX_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new IOException("it is not UTF-8 text", e);
        }
    }
}
