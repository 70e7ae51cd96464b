package io.tanja.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.internal.tcnative.Buffer;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS by one native {@code SSL} object of BoringSSL, without an SSLEngine between: bytes are read and written where they
 * lie. Freeing the object frees its BIO, and every call after that would end the process, hence the checks of
 * {@code ssl} after each event that can lead to {@link #free}.
 */
final class BoringMachine implements TlsMachine {
    /** Room that a record needs beside its data: header, explicit nonce of TLS 1.2, tag. */
    private static final int RECORD_OVERHEAD = 64;

    private static final int RECORD = 1 << 14;
    private static final int MIN_READ = 1024;

    /** For handshake messages while no buffer is set; longer flights are drained in steps. */
    private static final int NON_APPLICATION_BUFFER = 4096;

    private final ByteBufAllocator allocator;
    private final long bio;
    private long ssl;
    private boolean handshaken;
    private boolean inputEnded;

    BoringMachine(ByteBufAllocator allocator, long ssl) {
        this.allocator = allocator;
        this.ssl = ssl;
        this.bio = SSL.bioNewByteBuffer(ssl, NON_APPLICATION_BUFFER);
    }

    @Override
    public void begin(Output output) throws SSLException {
        ByteBuf nothing = allocator.directBuffer(1);
        try {
            handshake(nothing, output);
        } finally {
            nothing.release();
        }
    }

    @Override
    public void receive(ByteBuf bytes, Output output) throws SSLException {
        ByteBuf direct = direct(bytes);
        try {
            if (!handshaken) {
                handshake(direct, output);
            }
            if (ssl != 0 && handshaken && !inputEnded) {
                read(direct, output);
            }
        } finally {
            direct.release();
        }
    }

    private void handshake(ByteBuf in, Output output) throws SSLException {
        while (ssl != 0) {
            setInput(in);
            SSL.clearError();
            int result = SSL.doHandshake(ssl);
            int error = result == 1 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, result);
            SSLException failure = failure(error);
            clearInput(in);
            flushRecords(output);
            if (failure != null) {
                throw failure;
            }
            if (ssl == 0) {
                return;
            }
            if (result == 1) {
                handshaken = true;
                output.handshaken(session());
                return;
            }
            if (error == SSL.SSL_ERROR_WANT_READ) {
                return;
            }
        }
    }

    private void read(ByteBuf in, Output output) throws SSLException {
        ByteBuf plain = allocator.directBuffer(Math.max(MIN_READ, in.readableBytes()));
        try {
            while (ssl != 0) {
                setInput(in);
                SSL.clearError();
                int count = SSL.readFromSSL(ssl, address(plain) + plain.writerIndex(), plain.writableBytes());
                int error = count > 0 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, count);
                inputEnded = error == SSL.SSL_ERROR_ZERO_RETURN;
                SSLException failure = inputEnded ? null : failure(error);
                clearInput(in);
                flushRecords(output);
                if (count > 0) {
                    plain.writerIndex(plain.writerIndex() + count);
                    if (!plain.isWritable()) {
                        ByteBuf full = plain;
                        plain = allocator.directBuffer(Math.max(MIN_READ, in.readableBytes()));
                        output.plaintext(full);
                    }
                    continue;
                }
                if (error == SSL.SSL_ERROR_WANT_WRITE) {
                    continue;
                }
                if (plain.isReadable()) {
                    output.plaintext(plain.retain());
                }
                if (failure != null) {
                    throw failure;
                }
                if (inputEnded) {
                    output.inputEnded();
                }
                return;
            }
        } finally {
            plain.release();
        }
    }

    @Override
    public void send(ByteBuf bytes, Output output) throws SSLException {
        ByteBuf plain = direct(bytes);
        try {
            int length = plain.readableBytes();
            int room = length + (length / RECORD + 1) * RECORD_OVERHEAD;
            ByteBuf records = allocator.directBuffer(room);
            try {
                encrypt(plain, length, records, room);
                output.ciphertext(records.retain());
            } finally {
                records.release();
            }
        } finally {
            plain.release();
        }
    }

    private void encrypt(ByteBuf plain, int length, ByteBuf records, int room) throws SSLException {
        SSL.bioSetByteBuffer(bio, address(records), room, true);
        SSL.clearError();
        int count = SSL.writeToSSL(ssl, address(plain) + plain.readerIndex(), length);
        int error = count == length ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, count);
        SSLException failure = failure(error);
        records.writerIndex(room - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
        if (failure != null) {
            throw failure;
        }
        if (count != length) {
            throw new SSLException("BoringSSL took " + count + " of " + length + " bytes");
        }
    }

    @Override
    public void endOutput(Output output) {
        if (ssl != 0) {
            SSL.clearError();
            SSL.shutdownSSL(ssl);
            flushRecords(output);
        }
    }

    @Override
    public void free() {
        long freed = ssl;
        if (freed != 0) {
            ssl = 0;
            BoringContexts.forget(freed);
            SSL.freeSSL(freed);
        }
    }

    private void setInput(ByteBuf in) {
        if (in.isReadable()) {
            SSL.bioSetByteBuffer(bio, address(in) + in.readerIndex(), in.readableBytes(), false);
        }
    }

    private void clearInput(ByteBuf in) {
        if (in.isReadable()) {
            in.readerIndex(in.writerIndex() - SSL.bioLengthByteBuffer(bio));
            SSL.bioClearByteBuffer(bio);
        }
    }

    /** Hands on what BoringSSL itself has to say: handshake messages, alerts, key updates. */
    private void flushRecords(Output output) {
        for (int length = pending(); length > 0; length = pending()) {
            ByteBuf records = allocator.directBuffer(length);
            SSL.bioSetByteBuffer(bio, address(records), length, true);
            records.writerIndex(SSL.bioFlushByteBuffer(bio));
            SSL.bioClearByteBuffer(bio);
            output.ciphertext(records);
        }
    }

    private int pending() {
        return ssl == 0 ? 0 : SSL.bioLengthNonApplication(bio);
    }

    private @Nullable SSLException failure(int error) {
        if (error == SSL.SSL_ERROR_NONE || error == SSL.SSL_ERROR_WANT_READ || error == SSL.SSL_ERROR_WANT_WRITE) {
            return null;
        }
        int number = SSL.getLastErrorNumber();
        return new SSLException(number == 0 ? "the connection ended" : SSL.getErrorString(number));
    }

    private TlsEnd.Session session() {
        return new TlsEnd.Session(SSL.getVersion(ssl), SSL.getCipherForSSL(ssl), group(), SSL.getAlpnSelected(ssl));
    }

    private String group() {
        try {
            String name = SSL.getGroupName(ssl);
            return name == null ? "?" : name;
        } catch (Exception e) {
            // The name is for people only; a connection does not fail for it.
            return "?";
        }
    }

    private ByteBuf direct(ByteBuf bytes) {
        if (bytes.isDirect() && bytes.nioBufferCount() == 1) {
            return bytes;
        }
        try {
            return allocator.directBuffer(Math.max(1, bytes.readableBytes())).writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    private static long address(ByteBuf direct) {
        return direct.hasMemoryAddress()
                ? direct.memoryAddress()
                : Buffer.address(direct.internalNioBuffer(0, direct.capacity()).slice());
    }
}
