package io.tanja.proxy.tls;

import io.netty.buffer.ByteBuf;
import javax.net.ssl.SSLException;

/**
 * Handshake and record layer of one TLS connection, without any I/O: bytes go in, bytes and events come out. Used by one
 * event loop. After an exception only {@link #free} may be called; the alert for the peer has come out before it.
 */
interface TlsMachine {
    /** Gets what comes out. May free the machine in the middle of a call. */
    interface Output {
        /** Takes over application data. */
        void plaintext(ByteBuf bytes);

        /** Takes over records for the peer. */
        void ciphertext(ByteBuf bytes);

        /** The handshake is over. */
        void handshaken(TlsEnd.Session session);

        /** The peer has sent {@code close_notify}. */
        void inputEnded();
    }

    /** Starts the handshake of a client. */
    void begin(Output output) throws SSLException;

    /** Takes bytes of the peer, whole records or not; consumes and releases them. */
    void receive(ByteBuf bytes, Output output) throws SSLException;

    /** Encrypts application data after the handshake; consumes and releases it. */
    void send(ByteBuf bytes, Output output) throws SSLException;

    /** Sends {@code close_notify}; receiving goes on. */
    void endOutput(Output output) throws SSLException;

    /** Gives its memory back. May be called more than once, and from inside {@link Output}. */
    void free();
}
