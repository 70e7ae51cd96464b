package io.tanja.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
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
    private static final byte[] NOTHING = {};

    private final Map<String, Page> pages;
    private final StringBuilder head = new StringBuilder(256);
    private boolean answered;

    AdminConnection(Map<String, Page> pages) {
        this.pages = pages;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.executor().schedule(() -> ctx.close(), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!answered && message instanceof ByteBuf bytes) {
                head.append(bytes.toString(StandardCharsets.ISO_8859_1));
                if (head.indexOf("\r\n\r\n") >= 0) {
                    answer(ctx, head.substring(0, head.indexOf("\r\n")));
                } else if (head.length() > MAX_HEAD) {
                    send(ctx, plain(431, "the request's head is longer than 8192 bytes\n"), true);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answer(ChannelHandlerContext ctx, String requestLine) {
        int first = requestLine.indexOf(' ');
        int last = requestLine.lastIndexOf(' ');
        if (first <= 0 || last <= first || !requestLine.startsWith("HTTP/1.", last + 1)) {
            send(ctx, plain(400, "not an HTTP/1.x request\n"), true);
            return;
        }
        String method = requestLine.substring(0, first);
        String target = requestLine.substring(first + 1, last);
        int query = target.indexOf('?');
        Page page = page(query < 0 ? target : target.substring(0, query));
        if (page == null) {
            send(ctx, plain(404, "no such page; there is " + String.join(", ", pages.keySet()) + "\n"), true);
        } else if (method.equals("GET")) {
            send(ctx, page.answer(), true);
        } else if (method.equals("HEAD")) {
            send(ctx, page.answer(), false);
        } else {
            send(ctx, plain(405, "only GET and HEAD\n"), true);
        }
    }

    private @Nullable Page page(String path) {
        return pages.get(path);
    }

    private void send(ChannelHandlerContext ctx, Page.Answer answer, boolean withBody) {
        answered = true;
        String top = "HTTP/1.1 " + answer.status() + " " + phrase(answer.status()) + "\r\ncontent-type: "
                + answer.contentType() + "\r\ncontent-length: " + answer.body().length
                + "\r\ncache-control: no-store\r\nconnection: close\r\n\r\n";
        ByteBuf out =
                Unpooled.wrappedBuffer(top.getBytes(StandardCharsets.US_ASCII), withBody ? answer.body() : NOTHING);
        ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
    }

    private static Page.Answer plain(int status, String text) {
        return new Page.Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 431 -> "Request Header Fields Too Large";
            default -> "Service Unavailable";
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The peer went away; there is nobody to tell.
        ctx.close();
    }
}
