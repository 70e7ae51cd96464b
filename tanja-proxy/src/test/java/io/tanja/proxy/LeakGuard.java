package io.tanja.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaks a Netty buffer. Found by JUnit as a service. */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // The one that must be implemented; the others call it.
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Recording<>(resource, samplingInterval);
            }
        });
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Being loaded is enough: the detectors are made with the first buffer.
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        // The JVM queues what a collection has found on a thread of its own, in no order: the collection before the
        // last
        // one has surely been told of when the last one is. Else the next class would be blamed.
        collect();
        collect();
        // A leak is reported when the next buffer is made.
        for (int i = 0; i < 32; i++) {
            ByteBufAllocator.DEFAULT.buffer(16).release();
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        String leaks = String.join("\n", LEAKS);
        LEAKS.clear();
        assertThat(leaks).as("leaked buffers").isEmpty();
    }

    private static void collect() throws InterruptedException {
        ReferenceQueue<Object> told = new ReferenceQueue<>();
        PhantomReference<Object> dead = new PhantomReference<>(new Object(), told);
        System.gc();
        assertThat(told.remove(PATIENCE.toMillis())).as("the collector's word").isSameAs(dead);
    }

    private static final class Recording<T> extends ResourceLeakDetector<T> {
        Recording(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            LEAKS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            LEAKS.add(resourceType + ", without a trace");
        }
    }
}
