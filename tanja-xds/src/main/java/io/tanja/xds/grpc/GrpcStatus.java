package io.tanja.xds.grpc;

import io.tanja.model.identity.Quote;

/**
 * How a call ended.
 *
 * @param code gRPC's code
 * @param message for people; text from the peer is escaped already
 */
public record GrpcStatus(Code code, String message) {
    /** The call succeeded. */
    public static final GrpcStatus OK = new GrpcStatus(Code.OK, "");

    /** gRPC's status codes, in the order of their numbers (grpc/doc/statuscodes.md). */
    public enum Code {
        OK,
        CANCELLED,
        UNKNOWN,
        INVALID_ARGUMENT,
        DEADLINE_EXCEEDED,
        NOT_FOUND,
        ALREADY_EXISTS,
        PERMISSION_DENIED,
        RESOURCE_EXHAUSTED,
        FAILED_PRECONDITION,
        ABORTED,
        OUT_OF_RANGE,
        UNIMPLEMENTED,
        INTERNAL,
        UNAVAILABLE,
        DATA_LOSS,
        UNAUTHENTICATED;

        private static final Code[] BY_NUMBER = values();

        static Code of(int number) {
            return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
        }
    }

    /** A status with a message of our own. */
    public static GrpcStatus of(Code code, String message) {
        return new GrpcStatus(code, message);
    }

    /** A status from a peer's trailers; unknown numbers are {@link Code#UNKNOWN}. */
    static GrpcStatus fromTrailers(CharSequence number, CharSequence percentEncodedMessage) {
        int code;
        try {
            code = Integer.parseInt(number, 0, number.length(), 10);
        } catch (NumberFormatException e) {
            return of(Code.UNKNOWN, "grpc-status \"" + Quote.printable(number.toString()) + "\" is no number");
        }
        return new GrpcStatus(Code.of(code), Quote.printable(PercentText.decode(percentEncodedMessage)));
    }

    /** A status for an answer that is not gRPC's (grpc/doc/http-grpc-status-mapping.md). */
    static GrpcStatus fromHttp(CharSequence status) {
        Code code = switch (status.toString()) {
            case "400" -> Code.INTERNAL;
            case "401" -> Code.UNAUTHENTICATED;
            case "403" -> Code.PERMISSION_DENIED;
            case "404" -> Code.UNIMPLEMENTED;
            case "429", "502", "503", "504" -> Code.UNAVAILABLE;
            default -> Code.UNKNOWN;
        };
        return of(code, "HTTP status " + Quote.printable(status.toString()) + " instead of a gRPC answer");
    }

    /** A status for a reset stream (grpc/doc/PROTOCOL-HTTP2.md, "Errors"). */
    static GrpcStatus fromReset(long http2Error) {
        Code code = switch ((int) http2Error) {
            case 7 -> Code.UNAVAILABLE;
            case 8 -> Code.CANCELLED;
            case 11 -> Code.RESOURCE_EXHAUSTED;
            case 12 -> Code.PERMISSION_DENIED;
            default -> Code.INTERNAL;
        };
        return of(code, "the peer reset the stream, HTTP/2 error " + http2Error);
    }

    /** Whether the call succeeded. */
    public boolean isOk() {
        return code == Code.OK;
    }

    @Override
    public String toString() {
        return message.isEmpty() ? code.name() : code + ": " + message;
    }
}
