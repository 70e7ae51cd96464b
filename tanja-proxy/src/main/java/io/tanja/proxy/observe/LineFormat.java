package io.tanja.proxy.observe;

/** How a record becomes a line. An instance belongs to one thread. */
interface LineFormat {
    /** Appends the line of an ended request, with its line end. */
    void request(LineBuffer out, RequestRecord request);

    /** Whether an ended connection gets a line of its own. */
    boolean wants(ConnectionRecord connection);

    /** Appends the line of an ended connection, with its line end. */
    void connection(LineBuffer out, ConnectionRecord connection, long endNanos);
}
