package io.tanja.proxy.capture;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The original destination from the kernel's connection tracking: {@code SO_ORIGINAL_DST} ({@code
 * linux/netfilter_ipv4.h}) and {@code IP6T_SO_ORIGINAL_DST}.
 */
public final class NetfilterDestination implements OriginalDestination {
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int SO_ORIGINAL_DST = 80;
    private static final RawUnixChannelOption V4 =
            new RawUnixChannelOption("SO_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, 16);
    private static final RawUnixChannelOption V6 =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, 28);

    @Override
    public @Nullable InetSocketAddress of(Channel accepted) {
        // A dual-stack listener accepts both families; the kernel knows the connection under one only.
        InetSocketAddress v4 = read(accepted, V4, 4, 4);
        return v4 != null ? v4 : read(accepted, V6, 8, 16);
    }

    private static @Nullable InetSocketAddress read(Channel channel, RawUnixChannelOption option, int at, int length) {
        ByteBuffer sockaddr;
        try {
            sockaddr = channel.config().getOption(option);
        } catch (ChannelException e) {
            // ENOENT: not redirected, or of the other family.
            return null;
        }
        return sockaddr == null ? null : address(sockaddr, at, length);
    }

    /** {@code sockaddr_in} and {@code sockaddr_in6}: family, port in network order, address at {@code at}. */
    static @Nullable InetSocketAddress address(ByteBuffer sockaddr, int at, int length) {
        ByteBuffer bytes = sockaddr.duplicate().order(ByteOrder.BIG_ENDIAN);
        int base = bytes.position();
        byte[] address = new byte[length];
        bytes.get(base + at, address);
        int port = bytes.getShort(base + 2) & 0xffff;
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
