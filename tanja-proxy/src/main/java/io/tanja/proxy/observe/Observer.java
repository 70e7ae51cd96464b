package io.tanja.proxy.observe;

/**
 * Is told what happens on the data path. Called on event loops: must not block, and must copy what it keeps, since
 * records go on changing.
 */
public interface Observer {
    /** A connection was accepted and its fate decided: it is being relayed, or {@link ConnectionRecord#refusal} is set. */
    void connectionOpened(ConnectionRecord connection);

    /** A request has ended, however. */
    void requestEnded(RequestRecord request);

    /** A connection has ended, however. Called exactly once for each record, opened or not. */
    void connectionClosed(ConnectionRecord connection);
}
