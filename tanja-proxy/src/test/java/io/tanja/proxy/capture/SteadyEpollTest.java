package io.tanja.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // What came of it is looked at.
class SteadyEpollTest {
    private static final int BLOCK = 1 << 20;

    /** Told to end while it runs a task, a loop of Netty leaves its sockets open and their buffers unreleased. */
    @Test
    void closesSocketsThatNobodyReadsBeforeTheLoopsEnd() throws Exception {
        SteadyEpoll.Factory epoll = new SteadyEpoll.Factory();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, epoll);
        CountDownLatch inactive = new CountDownLatch(4);
        List<ByteBuf> written = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            List<Channel> channels = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Channel channel = connect(loops, deaf, inactive);
                channels.add(channel);
                written.addAll(fill(channel));
            }
            assertThat(channels).noneMatch(Channel::isWritable);

            epoll.closeSockets();
            loops.next().execute(() -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS));

            assertThat(loops.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(channels).noneMatch(Channel::isOpen);
            assertThat(inactive.getCount()).as("handlers that were not told").isZero();
            assertThat(written).allMatch(bytes -> bytes.refCnt() == 0);
        }
    }

    private static Channel connect(EventLoopGroup loops, ServerSocket server, CountDownLatch inactive)
            throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelInactive(ChannelHandlerContext ctx) {
                        inactive.countDown();
                    }
                })
                .connect(server.getLocalSocketAddress())
                .sync()
                .channel();
    }

    /** More than the sockets' buffers take. */
    private static List<ByteBuf> fill(Channel channel) throws IOException {
        List<ByteBuf> written = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            ByteBuf block = Unpooled.directBuffer(BLOCK).writeZero(BLOCK);
            written.add(block);
            channel.writeAndFlush(block, channel.voidPromise());
        }
        await().until(() -> !channel.isWritable());
        return written;
    }
}
