package io.tanja.proxy.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Serves pages and other resources over HTTP. It belongs on the control loop and not on those of the data path, so that a scrape of many series
 * does not hold up traffic. One owner: the wiring, which opens and closes it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
public final class AdminServer implements AutoCloseable {
    private static final int BACKLOG = 64;

    /** For each port. */
    private static final int MAX_CONNECTIONS = 32;

    private final EventLoopGroup loop;
    private final Class<? extends ServerChannel> channelType;
    private final List<Channel> listeners = new ArrayList<>();

    /**
     * Makes a server without ports.
     *
     * @param loop an event loop that carries no traffic; closed by its owner
     * @param channelType the kind of server channel that goes with {@code loop}
     */
    public AdminServer(EventLoopGroup loop, Class<? extends ServerChannel> channelType) {
        this.loop = loop;
        this.channelType = channelType;
    }

    /**
     * Opens a port.
     *
     * @param address where; port 0 for any
     * @param resources what it serves, by path
     * @return where it listens
     * @throws IOException if the address cannot be had; the message names it
     */
    public InetSocketAddress open(InetSocketAddress address, Map<String, ? extends Resource> resources)
            throws IOException {
        Map<String, Resource> all = Map.copyOf(resources);
        OpenConnections open = new OpenConnections(MAX_CONNECTIONS);
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (open.enter(channel)) {
                            channel.pipeline().addLast(new AdminConnection(all, open));
                        } else {
                            channel.close();
                        }
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        listeners.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Closes the ports. */
    @Override
    public void close() {
        for (Channel each : listeners) {
            each.close();
        }
    }
}
