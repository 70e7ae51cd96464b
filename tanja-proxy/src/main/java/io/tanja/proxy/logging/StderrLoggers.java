package io.tanja.proxy.logging;

import io.tanja.proxy.observe.LineBuffer;
import io.tanja.proxy.observe.Timestamp;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Makes loggers and writes their lines, one write for each so that lines do not mix. Everything but our own words is
 * escaped: a line is a line, whatever a peer's text held.
 */
final class StderrLoggers implements ILoggerFactory {
    private static final int MAX_MESSAGE = 2000;
    private static final int MAX_FRAMES = 30;

    private final Level lowest;
    private final OutputStream out;
    private final InstantSource clock;
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

    StderrLoggers(Level lowest, OutputStream out, InstantSource clock) {
        this.lowest = lowest;
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, n -> new StderrLogger(n, this));
    }

    boolean enabled(Level level, String logger) {
        // Netty tells at DEBUG of every class that it looks for; nobody asked for that by "debug".
        Level needed = logger.startsWith("io.netty.") && lowest == Level.DEBUG ? Level.INFO : lowest;
        return level.toInt() >= needed.toInt();
    }

    void write(
            Level level,
            String logger,
            @Nullable String message,
            @Nullable List<KeyValuePair> pairs,
            @Nullable Throwable error) {
        LineBuffer line = new LineBuffer(512);
        line.put("time=");
        new Timestamp().put(line, clock.millis());
        line.put(" level=").put(name(level));
        line.put(" logger=").escapedWord(logger.substring(logger.lastIndexOf('.') + 1), 100);
        line.put(" msg=\"").escaped(message == null ? "" : message, MAX_MESSAGE).put('"');
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                line.put(' ').escapedWord(pair.key, 100).put("=\"");
                line.escaped(String.valueOf(pair.value), MAX_MESSAGE).put('"');
            }
        }
        if (error != null) {
            line.put(" error=\"").escaped(error.toString(), MAX_MESSAGE).put('"');
            for (Throwable each = error.getCause(); each != null; each = each.getCause()) {
                line.put(" cause=\"").escaped(each.toString(), MAX_MESSAGE).put('"');
            }
        }
        line.put('\n');
        if (error != null && (level == Level.ERROR || lowest.toInt() <= Level.DEBUG.toInt())) {
            StackTraceElement[] frames = error.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                line.put("    at ").escaped(frames[i].toString(), MAX_MESSAGE).put('\n');
            }
        }
        synchronized (out) {
            try {
                line.writeTo(out);
            } catch (IOException e) {
                // Nowhere left to tell it.
                return;
            }
        }
    }

    private static String name(Level level) {
        return switch (level) {
            case ERROR -> "error";
            case WARN -> "warn";
            case INFO -> "info";
            case DEBUG -> "debug";
            case TRACE -> "trace";
        };
    }
}
