package io.tanja.proxy.capture;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Epoll that keeps half-closed sockets. Netty 4.2.18 takes a socket out of epoll when nothing is waited for, as after the
 * peer's FIN with reading off, and then fails to wait for anything again ({@code epoll_ctl: ENOENT}), which breaks the
 * connection as soon as a write does not fit the socket's buffer. Here errors are always waited for, which epoll reports
 * anyway, so that no socket is ever taken out early.
 */
public final class SteadyEpoll implements IoHandler {
    private final IoHandler epoll;
    private final ThreadAwareExecutor loop;
    private final AtomicInteger sockets;

    private SteadyEpoll(IoHandler epoll, ThreadAwareExecutor loop, AtomicInteger sockets) {
        this.epoll = epoll;
        this.loop = loop;
        this.sockets = sockets;
    }

    /** For the event loops of one group, whose sockets may be half-closed. Any thread may call. */
    public static final class Factory implements IoHandlerFactory {
        private final IoHandlerFactory epoll = EpollIoHandler.newFactory();
        private final List<SteadyEpoll> made = new CopyOnWriteArrayList<>();
        private final AtomicInteger sockets = new AtomicInteger();

        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            SteadyEpoll handler = new SteadyEpoll(epoll.newHandler(executor), executor, sockets);
            made.add(handler);
            return handler;
        }

        @Override
        public boolean isChangingThreadSupported() {
            return epoll.isChangingThreadSupported();
        }

        /** How many sockets of the group are open. */
        public int sockets() {
            return sockets.get();
        }

        /**
         * Closes every socket of the group, each on its own loop, without waiting for anything to be written. To be
         * called before the group is shut down, and not by one of its loops: a loop closes its sockets at its end only
         * if it is told to end while it waits for events, and else leaves them, and the buffers that wait in them, to
         * nobody ({@code SingleThreadIoEventLoop.run} of Netty 4.2.18, with a quiet period of 0).
         */
        public void closeSockets() {
            CompletableFuture.allOf(made.stream()
                            .map(each -> CompletableFuture.runAsync(each.epoll::prepareToDestroy, each.loop))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        IoRegistration inner = epoll.register(handle);
        sockets.incrementAndGet();
        return new Steady(inner, sockets);
    }

    private record Steady(IoRegistration inner, AtomicInteger sockets) implements IoRegistration {
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // As the interface has it.
        public <T> T attachment() {
            return inner.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            return inner.submit(ops instanceof EpollIoOps wanted ? wanted.with(EpollIoOps.EPOLLERR) : ops);
        }

        @Override
        public boolean isValid() {
            return inner.isValid();
        }

        @Override
        public boolean cancel() {
            boolean first = inner.cancel();
            if (first) {
                sockets.decrementAndGet();
            }
            return first;
        }
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
