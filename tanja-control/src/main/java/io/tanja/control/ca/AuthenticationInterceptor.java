package io.tanja.control.ca;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tanja.model.identity.Quote;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates each call before its first message is decoded, so that a stranger reaches no parser of ours. A refusal
 * looks the same whatever the cause; the cause is in the log.
 */
public final class AuthenticationInterceptor implements ServerInterceptor {
    /** The caller of the current call. */
    static final Context.Key<Caller> CALLER = Context.key("caller");

    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";
    private static final int MAX_TOKEN_LENGTH = 16 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(AuthenticationInterceptor.class);

    private final Authenticator authenticator;

    /** @param authenticator whom to ask */
    public AuthenticationInterceptor(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /**
     * The caller of the gRPC call that the current thread serves.
     *
     * @throws IllegalStateException outside such a call
     */
    public static Caller currentCaller() {
        Caller caller = CALLER.get();
        if (caller == null) {
            throw new IllegalStateException("no authenticated call: the service must stand behind this interceptor");
        }
        return caller;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        String peer = String.valueOf(address);
        return switch (authenticator.authenticate(new CallerCredentials(token(headers), peer))) {
            case AuthenticationResult.Authenticated authenticated ->
                Contexts.interceptCall(
                        Context.current().withValue(CALLER, authenticated.caller()), call, headers, next);
            case AuthenticationResult.Refused refused -> {
                LOG.warn(
                        "call refused: method={} peer={} reason=\"{}\"",
                        Quote.printable(call.getMethodDescriptor().getFullMethodName()),
                        peer,
                        refused.reason());
                call.close(opaque(), new Metadata());
                yield new ServerCall.Listener<>() {};
            }
        };
    }

    /** What a refused caller sees. */
    static Status opaque() {
        return Status.UNAUTHENTICATED.withDescription("request authenticate failure");
    }

    private static @Nullable String token(Metadata headers) {
        String header = headers.get(AUTHORIZATION);
        boolean usable = header != null
                && header.length() <= MAX_TOKEN_LENGTH
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return usable ? header.substring(BEARER.length()).strip() : null;
    }
}
