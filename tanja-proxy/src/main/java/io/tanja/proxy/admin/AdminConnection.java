package io.tanja.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange: reads a head, answers, closes. It knows GET and HEAD and whole paths, which is all that a kubelet and
 * Prometheus ask for; a server of general use would only add ways in. One writer: its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
final class AdminConnection extends ChannelInboundHandlerAdapter {
    private static final int MAX_HEAD = 8192;
    private static final int TIMEOUT_SECONDS = 5;
    private static final String END = "\r\n\r\n";

    private final Map<String, Resource> resources;
    private final OpenConnections open;
    private final StringBuilder head = new StringBuilder(256);
    private @Nullable Future<?> timeout;
    private @Nullable Reply reply;

    AdminConnection(Map<String, Resource> resources, OpenConnections open) {
        this.resources = resources;
        this.open = open;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timeout = ctx.executor().schedule(() -> ctx.close(), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (reply == null && message instanceof ByteBuf bytes) {
                head.append(bytes.toString(StandardCharsets.ISO_8859_1));
                int end = head.indexOf(END);
                if (end >= 0) {
                    answer(ctx, head.substring(0, end).split("\r\n", -1));
                } else if (head.length() > MAX_HEAD) {
                    reply(ctx, true).send(plain(431, "the request's head is longer than 8192 bytes\n"));
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answer(ChannelHandlerContext ctx, String[] lines) {
        String requestLine = lines[0];
        int first = requestLine.indexOf(' ');
        int last = requestLine.lastIndexOf(' ');
        List<Request.Field> fields = fields(lines);
        if (first <= 0 || last <= first || !requestLine.startsWith("HTTP/1.", last + 1) || fields == null) {
            reply(ctx, true).send(plain(400, "not an HTTP/1.x request\n"));
            return;
        }
        String method = requestLine.substring(0, first);
        String target = requestLine.substring(first + 1, last);
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        Resource resource = resource(path);
        if (resource == null) {
            reply(ctx, true).send(plain(404, "no such page; there is " + String.join(", ", resources.keySet()) + "\n"));
        } else if (method.equals("GET") || method.equals("HEAD")) {
            resource.answer(new Request(path, fields), reply(ctx, method.equals("GET")));
        } else {
            reply(ctx, true).send(plain(405, "only GET and HEAD\n"));
        }
    }

    private static @Nullable List<Request.Field> fields(String[] lines) {
        List<Request.Field> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0 || lines[i].charAt(colon - 1) <= ' ' || lines[i].charAt(0) <= ' ') {
                return null;
            }
            fields.add(new Request.Field(
                    lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
        }
        return fields;
    }

    private @Nullable Resource resource(String path) {
        return resources.get(path);
    }

    /** From here on the answer has its own times. */
    private Reply reply(ChannelHandlerContext ctx, boolean withBody) {
        Future<?> waiting = timeout;
        if (waiting != null) {
            waiting.cancel(false);
        }
        open.asked(ctx.channel());
        Reply made = new Reply(ctx.channel(), withBody);
        reply = made;
        return made;
    }

    private static Page.Answer plain(int status, String text) {
        return new Page.Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Reply current = reply;
        if (current != null && ctx.channel().isWritable()) {
            current.writable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The peer went away; there is nobody to tell.
        ctx.close();
    }
}
