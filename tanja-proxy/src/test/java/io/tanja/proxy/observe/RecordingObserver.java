package io.tanja.proxy.observe;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps all it is told. */
public final class RecordingObserver implements Observer {
    public final List<ConnectionRecord> opened = new CopyOnWriteArrayList<>();
    public final List<ConnectionRecord> closed = new CopyOnWriteArrayList<>();
    public final List<RequestRecord> requests = new CopyOnWriteArrayList<>();

    @Override
    public void connectionOpened(ConnectionRecord connection) {
        opened.add(connection);
    }

    @Override
    public void requestEnded(RequestRecord request) {
        requests.add(request);
    }

    @Override
    public void connectionClosed(ConnectionRecord connection) {
        closed.add(connection);
    }
}
