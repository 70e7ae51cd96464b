package io.tanja.proxy.upstream;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;

/**
 * The firewall mark on every socket that the proxy opens, where the redirect rules tell its traffic by that and not by
 * its user: without it they would send the proxy's own connections back to the proxy.
 *
 * @param mark the mark; 0 sets none
 */
public record SocketMark(int mark) {
    // SOL_SOCKET and SO_MARK of Linux (asm-generic/socket.h).
    private static final IntegerUnixChannelOption OPTION = new IntegerUnixChannelOption("SO_MARK", 1, 36);

    /**
     * Tries to set it. A mark that may not be set would fail every connection; better to say so at once.
     *
     * @throws IOException naming the flag and the remedy
     */
    public void require() throws IOException {
        if (mark == 0) {
            return;
        }
        // A socket is native: it does not load the library by itself.
        Epoll.ensureAvailability();
        EpollSocketChannel probe = new EpollSocketChannel();
        try {
            set(probe);
        } catch (ChannelException e) {
            throw new IOException(
                    "--socket-mark: the mark may not be set (" + e.getMessage()
                            + "); grant CAP_NET_ADMIN, or leave it 0",
                    e);
        } finally {
            probe.unsafe().closeForcibly();
        }
    }

    /** A new socket with the mark. */
    public EpollSocketChannel open() {
        EpollSocketChannel channel = new EpollSocketChannel();
        if (mark != 0) {
            set(channel);
        }
        return channel;
    }

    private void set(EpollSocketChannel channel) {
        channel.config().setOption(OPTION, mark);
    }
}
