package io.tanja.proxy.detect;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Answers one {@link Question} from the bytes received so far. One writer: the connection's event loop. */
public final class Detector {
    private final Question question;
    private final ClientHelloParser hello = new ClientHelloParser();

    /** Makes a detector for one connection. */
    public Detector(Question question) {
        this.question = question;
    }

    /**
     * Looks at all bytes received so far; consumes none.
     *
     * @return what they are, or null if more are needed
     */
    public @Nullable Detected look(ByteBuf in) {
        if (!in.isReadable()) {
            return null;
        }
        if (question.tls() && ClientHelloParser.looksLikeTls(in)) {
            return hello.parse(in);
        }
        return question.http() ? HttpStart.read(in) : new Detected.Opaque();
    }

    /** Whether the bytes so far can only become TLS: the caller is then waited for, even past the detection time-out. */
    public boolean tlsBegun(ByteBuf in) {
        return question.tls() && ClientHelloParser.looksLikeTls(in);
    }
}
