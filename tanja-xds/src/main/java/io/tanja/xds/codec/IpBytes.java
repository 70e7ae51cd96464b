package io.tanja.xds.codec;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** IP addresses as 4 or 16 bytes. */
final class IpBytes {
    private IpBytes() {}

    static ByteString encode(InetAddress address) {
        return ByteString.copyFrom(address.getAddress());
    }

    static InetAddress decode(FieldPath at, String field, ByteString bytes) throws DecodeException {
        if (bytes.size() != 4 && bytes.size() != 16) {
            throw at.wrong(field, "an address has 4 or 16 bytes, not " + bytes.size());
        }
        try {
            return InetAddress.getByAddress(bytes.toByteArray());
        } catch (UnknownHostException e) {
            throw new AssertionError("the length was checked", e);
        }
    }
}
