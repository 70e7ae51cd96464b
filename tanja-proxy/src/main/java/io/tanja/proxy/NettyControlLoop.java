package io.tanja.proxy;

import io.netty.channel.EventLoop;
import io.tanja.proxy.identity.ControlLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The control loop is an event loop of Netty, so that the stream to the control plane needs no other thread. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on the loop is logged by the loop
record NettyControlLoop(EventLoop loop) implements ControlLoop {
    @Override
    public void after(Duration delay, Runnable task) {
        loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }
}
