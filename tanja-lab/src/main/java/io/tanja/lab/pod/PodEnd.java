package io.tanja.lab.pod;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends the processes of a pod: first asks, then kills.
 *
 * @param anchor the process that holds the pod's namespaces; it is left alone
 * @param abandoned opened when there is no time to ask
 */
record PodEnd(long anchor, CountDownLatch abandoned) {
    private static final long LOOK_MILLIS = 20;

    void run(int graceSeconds) throws IOException {
        for (ProcessHandle process : NamespaceProcesses.of(anchor)) {
            process.destroy();
        }
        try {
            for (long waited = 0; waited < graceSeconds * 1_000L; waited += LOOK_MILLIS) {
                if (NamespaceProcesses.of(anchor).isEmpty()) {
                    return;
                }
                if (abandoned.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<ProcessHandle> left = NamespaceProcesses.of(anchor);
        left.forEach(ProcessHandle::destroyForcibly);
    }
}
