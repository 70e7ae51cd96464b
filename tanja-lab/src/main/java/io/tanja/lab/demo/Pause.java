package io.tanja.lab.demo;

import java.io.InterruptedIOException;

/** Waiting between two looks at something that changes by itself. */
final class Pause {
    private Pause() {}

    static void millis(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the walk-through was interrupted");
        }
    }
}
