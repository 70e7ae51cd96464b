package io.tanja.proxy;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Slf4JLoggerFactory;
import io.tanja.proxy.capture.NetfilterDestination;
import io.tanja.proxy.launch.AwaitReady;
import io.tanja.proxy.launch.OptionsException;
import io.tanja.proxy.launch.ProcessStart;
import io.tanja.proxy.launch.ProxyJvm;
import io.tanja.proxy.launch.ProxyOptions;
import io.tanja.proxy.logging.StderrProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane's process: {@code tanja-proxy --help} tells its flags. */
public final class ProxyMain {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private ProxyMain() {}

    /** Runs until SIGTERM or SIGINT, drains, and exits with 0; with 2 if the flags are wrong, with 1 if it cannot run. */
    public static void main(String[] arguments) {
        List<String> flags = List.of(arguments);
        if (flags.contains("--help")) {
            System.out.print(ProxyOptions.help());
            return;
        }
        int status = flags.equals(List.of(AwaitReady.FLAG)) ? awaitReady() : run(flags, System.getenv());
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int awaitReady() {
        try {
            if (AwaitReady.await()) {
                return 0;
            }
            System.err.println("the proxy was not ready within " + AwaitReady.LONGEST.toSeconds()
                    + " s; the log of its container tells what it waits for");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return FAILED;
    }

    private static int run(List<String> flags, Map<String, String> environment) {
        System.setProperty(StderrProvider.LEVEL_PROPERTY, ProxyOptions.logLevel(flags, environment));
        StderrProvider.choose();
        InternalLoggerFactory.setDefaultFactory(Slf4JLoggerFactory.INSTANCE);
        Logger log = LoggerFactory.getLogger(ProxyMain.class);
        try {
            ProxyOptions options = ProxyOptions.read(flags, environment);
            runUntilSignalled(options, log);
            return 0;
        } catch (OptionsException e) {
            for (String problem : e.problems()) {
                System.err.println(problem);
            }
            return MISUSED;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static void runUntilSignalled(ProxyOptions options, Logger log) throws IOException, InterruptedException {
        InstantSource clock = InstantSource.system();
        long started = ProcessStart.millis(Path.of("/proc"), clock);
        ProxyProcess process = new ProxyProcess(options, new NetfilterDestination(), version(), started, clock);
        Thread hook = new Thread(() -> end(process, log), "shutdown");
        // Before the wait for the control plane, which may take long: a signal must end that too.
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            process.start();
        } catch (IOException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            process.close();
            throw e;
        }
        log.info("ready in {} ms", clock.millis() - started);
        new CountDownLatch(1).await();
    }

    /** A signal would end the JVM with status 143 after its hooks; a drained proxy has ended well. */
    private static void end(ProxyProcess process, Logger log) {
        try {
            process.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
            log.info("ended");
            // A JVM that records for an AOT cache writes it after its hooks, which this would skip.
            if (!Boolean.getBoolean(ProxyJvm.RECORDS)) {
                Runtime.getRuntime().halt(0);
            }
        }
    }

    private static String version() {
        String version = ProxyMain.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
