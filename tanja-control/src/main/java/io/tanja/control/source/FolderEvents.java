package io.tanja.control.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The file system's own notices of changes below a folder. Used by the folder's one thread. */
final class FolderEvents implements Closeable {
    /**
     * What happened.
     *
     * @param any whether anything did
     * @param files the paths that were named
     */
    record Events(boolean any, Set<Path> files) {
        static final Events NONE = new Events(false, Set.of());

        Events {
            files = Set.copyOf(files);
        }
    }

    private record Watched(String identity, WatchKey key) {}

    private final @Nullable WatchService service;
    /** Never reached; waited for where there are no events. */
    private final CountDownLatch never = new CountDownLatch(1);

    private final Map<Path, Watched> watched = new HashMap<>();

    private FolderEvents(@Nullable WatchService service) {
        this.service = service;
    }

    /** @throws IOException if the system gives no more watches */
    static FolderEvents open(FileSystem files) throws IOException {
        return new FolderEvents(files.newWatchService());
    }

    /** For a system that gives no watches: nothing is ever noticed, only time passes. */
    static FolderEvents none() {
        return new FolderEvents(null);
    }

    /**
     * Watches exactly these folders from now on.
     *
     * @param folders folders with their identities: one that was replaced is watched anew
     * @return whether a folder is watched that was not before, so that what is in it may have changed unseen
     * @throws IOException if the system gives no more watches
     */
    boolean follow(Map<Path, String> folders) throws IOException {
        if (service == null) {
            return false;
        }
        watched.entrySet().removeIf(entry -> {
            boolean stays = entry.getValue().key().isValid()
                    && entry.getValue().identity().equals(folders.get(entry.getKey()));
            if (!stays) {
                entry.getValue().key().cancel();
            }
            return !stays;
        });
        boolean grown = false;
        for (Map.Entry<Path, String> folder : folders.entrySet()) {
            if (!watched.containsKey(folder.getKey())) {
                WatchKey key = folder.getKey()
                        .register(
                                service,
                                StandardWatchEventKinds.ENTRY_CREATE,
                                StandardWatchEventKinds.ENTRY_MODIFY,
                                StandardWatchEventKinds.ENTRY_DELETE);
                watched.put(folder.getKey(), new Watched(folder.getValue(), key));
                grown = true;
            }
        }
        return grown;
    }

    /** Waits for something to happen, for at most so many milliseconds. */
    Events await(long millis) throws InterruptedException {
        if (service == null) {
            return never.await(millis, TimeUnit.MILLISECONDS) ? new Events(true, Set.of()) : Events.NONE;
        }
        WatchKey key = service.poll(millis, TimeUnit.MILLISECONDS);
        if (key == null) {
            return Events.NONE;
        }
        Set<Path> files = new HashSet<>();
        while (key != null) {
            Path folder = (Path) key.watchable();
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.context() instanceof Path name) {
                    files.add(folder.resolve(name));
                }
            }
            key.reset();
            key = service.poll();
        }
        return new Events(true, files);
    }

    @Override
    public void close() throws IOException {
        if (service != null) {
            service.close();
        }
    }
}
