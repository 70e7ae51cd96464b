package io.tanja.proxy.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Binds slf4j to {@link StderrLogger}. It is chosen by name, with the system property {@code slf4j.provider}, and not as a
 * service of the class path, so that a process that has another provider beside it (the command line) does not get two.
 */
public final class StderrProvider implements SLF4JServiceProvider {
    /** The system property with the lowest level that is written: {@code error} to {@code trace}. */
    public static final String LEVEL_PROPERTY = "tanja.log.level";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new NOPMDCAdapter();
    private final StderrLoggers loggers = new StderrLoggers(
            level(System.getProperty(LEVEL_PROPERTY, "info")),
            new FileOutputStream(FileDescriptor.err),
            InstantSource.system());

    /** Has slf4j take this provider, unless another one was chosen. Call it before the first logger is made. */
    public static void choose() {
        if (System.getProperty("slf4j.provider") == null) {
            System.setProperty("slf4j.provider", StderrProvider.class.getName());
            // Else slf4j tells on the standard error that it does what it was told.
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
    }

    /** The level with that name, in any case; {@link Level#INFO} if there is none. */
    static Level level(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "error", "none" -> Level.ERROR;
            case "warn", "warning" -> Level.WARN;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            default -> Level.INFO;
        };
    }

    @Override
    public void initialize() {
        // Everything is made with the object.
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }
}
