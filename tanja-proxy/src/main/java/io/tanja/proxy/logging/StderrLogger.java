package io.tanja.proxy.logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** One named logger; {@link StderrLoggers} writes. */
final class StderrLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;

    private final transient StderrLoggers owner;

    StderrLogger(String name, StderrLoggers owner) {
        this.name = name;
        this.owner = owner;
    }

    @Override
    public boolean isTraceEnabled() {
        return owner.enabled(Level.TRACE, name);
    }

    @Override
    public boolean isDebugEnabled() {
        return owner.enabled(Level.DEBUG, name);
    }

    @Override
    public boolean isInfoEnabled() {
        return owner.enabled(Level.INFO, name);
    }

    @Override
    public boolean isWarnEnabled() {
        return owner.enabled(Level.WARN, name);
    }

    @Override
    public boolean isErrorEnabled() {
        return owner.enabled(Level.ERROR, name);
    }

    @Override
    public void log(LoggingEvent event) {
        String message = MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray());
        owner.write(event.getLevel(), name, message, event.getKeyValuePairs(), event.getThrowable());
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable error) {
        owner.write(level, name, MessageFormatter.basicArrayFormat(pattern, arguments), null, error);
    }
}
