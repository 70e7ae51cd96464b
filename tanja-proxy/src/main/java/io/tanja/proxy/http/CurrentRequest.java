package io.tanja.proxy.http;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.Observer;
import io.tanja.proxy.observe.RequestRecord;
import org.jspecify.annotations.Nullable;

/** The record of the request in progress, if there is one; it is told of exactly once. One writer: the event loop. */
final class CurrentRequest {
    private final ConnectionRecord connection;
    private final Observer observer;
    private @Nullable RequestRecord record;
    private boolean answered;

    CurrentRequest(ConnectionRecord connection, Observer observer) {
        this.connection = connection;
        this.observer = observer;
    }

    RequestRecord begin(long startMillis, long startNanos) {
        if (record != null) {
            throw new IllegalStateException("the last request has not ended");
        }
        RequestRecord begun = new RequestRecord(connection, startMillis, startNanos);
        record = begun;
        answered = false;
        connection.requests++;
        return begun;
    }

    boolean inProgress() {
        return record != null;
    }

    /** Whether the head of a response was passed on. */
    boolean answered() {
        return answered;
    }

    /** Notes why it fails, if there is one. */
    void refuse(Refusal refusal, String detail) {
        RequestRecord current = record;
        if (current != null) {
            current.refuse(refusal, detail);
        }
    }

    /** Notes the status of an answer that is given here. */
    void status(int status) {
        RequestRecord current = record;
        if (current != null) {
            current.status = status;
        }
    }

    /** Notes that the head of a response is passed on. */
    void answered(int status, long upstreamMillis) {
        answered = true;
        status(status);
        RequestRecord current = record;
        if (current != null) {
            current.upstreamMillis = upstreamMillis;
        }
    }

    /** Ends it, if there is one. */
    void end(long bytesReceived, long bytesSent, long nowNanos) {
        RequestRecord current = record;
        if (current != null) {
            record = null;
            current.bytesReceived = bytesReceived;
            current.bytesSent = bytesSent;
            current.durationNanos = nowNanos - current.startNanos;
            observer.requestEnded(current);
        }
    }
}
