package io.tanja.proxy.detect;

import io.netty.buffer.ByteBuf;
import io.tanja.model.security.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of a whole ClientHello (RFC 8446 section 4.1.2) as far as routing needs it. */
final class ClientHello {
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int HOST_NAME = 0;
    private static final int MAX_NAME = 255;

    private @Nullable String sni;
    private final List<String> alpn = new ArrayList<>(4);

    private ClientHello() {}

    static Detected read(ByteBuf body) {
        ClientHello hello = new ClientHello();
        try {
            body.skipBytes(VERSION_AND_RANDOM);
            vector(body, body.readUnsignedByte());
            vector(body, body.readUnsignedShort());
            vector(body, body.readUnsignedByte());
            if (body.isReadable()) {
                hello.extensions(vector(body, body.readUnsignedShort()));
            }
            return new Detected.Tls(hello.sni, hello.alpn);
        } catch (IndexOutOfBoundsException e) {
            return new Detected.Broken(Refusal.PROTOCOL_ERROR, "a length inside the ClientHello points past its end");
        }
    }

    private void extensions(ByteBuf list) {
        while (list.isReadable()) {
            int type = list.readUnsignedShort();
            ByteBuf data = vector(list, list.readUnsignedShort());
            if (type == SERVER_NAME) {
                serverName(data);
            } else if (type == ALPN) {
                protocols(data);
            }
        }
    }

    private void serverName(ByteBuf data) {
        ByteBuf names = vector(data, data.readUnsignedShort());
        while (names.isReadable()) {
            int type = names.readUnsignedByte();
            ByteBuf name = vector(names, names.readUnsignedShort());
            if (type == HOST_NAME && sni == null && name.readableBytes() <= MAX_NAME) {
                sni = name.toString(StandardCharsets.US_ASCII);
            }
        }
    }

    private void protocols(ByteBuf data) {
        ByteBuf names = vector(data, data.readUnsignedShort());
        while (names.isReadable()) {
            alpn.add(vector(names, names.readUnsignedByte()).toString(StandardCharsets.US_ASCII));
        }
    }

    private static ByteBuf vector(ByteBuf in, int length) {
        return in.readSlice(length);
    }
}
