package io.tanja.xds.codec;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.TlsMode;
import io.tanja.xds.proto.tanja.v1.AuthorizationAction;

/** Enums by name, never by ordinal; unspecified and unknown values do not decode. */
final class Enums {
    private Enums() {}

    static io.tanja.xds.proto.tanja.v1.TlsMode encode(TlsMode mode) {
        return switch (mode) {
            case DISABLE -> io.tanja.xds.proto.tanja.v1.TlsMode.TLS_MODE_DISABLE;
            case PERMISSIVE -> io.tanja.xds.proto.tanja.v1.TlsMode.TLS_MODE_PERMISSIVE;
            case STRICT -> io.tanja.xds.proto.tanja.v1.TlsMode.TLS_MODE_STRICT;
        };
    }

    static TlsMode decode(FieldPath at, String field, io.tanja.xds.proto.tanja.v1.TlsMode mode) throws DecodeException {
        return switch (mode) {
            case TLS_MODE_DISABLE -> TlsMode.DISABLE;
            case TLS_MODE_PERMISSIVE -> TlsMode.PERMISSIVE;
            case TLS_MODE_STRICT -> TlsMode.STRICT;
            case TLS_MODE_UNSPECIFIED, UNRECOGNIZED -> throw unknown(at, field);
        };
    }

    static io.tanja.xds.proto.tanja.v1.AppProtocol encode(AppProtocol protocol) {
        return switch (protocol) {
            case HTTP -> io.tanja.xds.proto.tanja.v1.AppProtocol.APP_PROTOCOL_HTTP;
            case HTTP2 -> io.tanja.xds.proto.tanja.v1.AppProtocol.APP_PROTOCOL_HTTP2;
            case GRPC -> io.tanja.xds.proto.tanja.v1.AppProtocol.APP_PROTOCOL_GRPC;
            case TCP -> io.tanja.xds.proto.tanja.v1.AppProtocol.APP_PROTOCOL_TCP;
            case TLS -> io.tanja.xds.proto.tanja.v1.AppProtocol.APP_PROTOCOL_TLS;
            case UDP -> io.tanja.xds.proto.tanja.v1.AppProtocol.APP_PROTOCOL_UDP;
            case AUTO -> io.tanja.xds.proto.tanja.v1.AppProtocol.APP_PROTOCOL_AUTO;
        };
    }

    static AppProtocol decode(FieldPath at, String field, io.tanja.xds.proto.tanja.v1.AppProtocol protocol)
            throws DecodeException {
        return switch (protocol) {
            case APP_PROTOCOL_HTTP -> AppProtocol.HTTP;
            case APP_PROTOCOL_HTTP2 -> AppProtocol.HTTP2;
            case APP_PROTOCOL_GRPC -> AppProtocol.GRPC;
            case APP_PROTOCOL_TCP -> AppProtocol.TCP;
            case APP_PROTOCOL_TLS -> AppProtocol.TLS;
            case APP_PROTOCOL_UDP -> AppProtocol.UDP;
            case APP_PROTOCOL_AUTO -> AppProtocol.AUTO;
            case APP_PROTOCOL_UNSPECIFIED, UNRECOGNIZED -> throw unknown(at, field);
        };
    }

    /** The nearest of Istio's values, for clients that do not read our extension. */
    static io.tanja.xds.proto.istio.workload.AppProtocol encodeForIstio(AppProtocol protocol) {
        return switch (protocol) {
            case HTTP -> io.tanja.xds.proto.istio.workload.AppProtocol.HTTP11;
            case HTTP2 -> io.tanja.xds.proto.istio.workload.AppProtocol.HTTP2;
            case GRPC -> io.tanja.xds.proto.istio.workload.AppProtocol.GRPC;
            case TCP -> io.tanja.xds.proto.istio.workload.AppProtocol.TCP;
            case TLS -> io.tanja.xds.proto.istio.workload.AppProtocol.TLS;
            case UDP, AUTO -> io.tanja.xds.proto.istio.workload.AppProtocol.UNKNOWN;
        };
    }

    static AppProtocol decodeFromIstio(
            FieldPath at, String field, io.tanja.xds.proto.istio.workload.AppProtocol protocol) throws DecodeException {
        return switch (protocol) {
            case UNKNOWN -> AppProtocol.AUTO;
            case HTTP11 -> AppProtocol.HTTP;
            case HTTP2 -> AppProtocol.HTTP2;
            case GRPC -> AppProtocol.GRPC;
            case TCP -> AppProtocol.TCP;
            case TLS -> AppProtocol.TLS;
            case UNRECOGNIZED -> throw unknown(at, field);
        };
    }

    static io.tanja.xds.proto.tanja.v1.OutboundPolicy encode(OutboundPolicy policy) {
        return switch (policy) {
            case ALLOW_ANY -> io.tanja.xds.proto.tanja.v1.OutboundPolicy.OUTBOUND_POLICY_ALLOW_ANY;
            case REGISTRY_ONLY -> io.tanja.xds.proto.tanja.v1.OutboundPolicy.OUTBOUND_POLICY_REGISTRY_ONLY;
        };
    }

    static OutboundPolicy decode(FieldPath at, String field, io.tanja.xds.proto.tanja.v1.OutboundPolicy policy)
            throws DecodeException {
        return switch (policy) {
            case OUTBOUND_POLICY_ALLOW_ANY -> OutboundPolicy.ALLOW_ANY;
            case OUTBOUND_POLICY_REGISTRY_ONLY -> OutboundPolicy.REGISTRY_ONLY;
            case OUTBOUND_POLICY_UNSPECIFIED, UNRECOGNIZED -> throw unknown(at, field);
        };
    }

    static AuthorizationAction encode(AuthorizationPolicy.Action action) {
        return switch (action) {
            case ALLOW -> AuthorizationAction.AUTHORIZATION_ACTION_ALLOW;
            case DENY -> AuthorizationAction.AUTHORIZATION_ACTION_DENY;
            case AUDIT -> AuthorizationAction.AUTHORIZATION_ACTION_AUDIT;
            case CUSTOM -> AuthorizationAction.AUTHORIZATION_ACTION_CUSTOM;
        };
    }

    static AuthorizationPolicy.Action decode(FieldPath at, String field, AuthorizationAction action)
            throws DecodeException {
        return switch (action) {
            case AUTHORIZATION_ACTION_ALLOW -> AuthorizationPolicy.Action.ALLOW;
            case AUTHORIZATION_ACTION_DENY -> AuthorizationPolicy.Action.DENY;
            case AUTHORIZATION_ACTION_AUDIT -> AuthorizationPolicy.Action.AUDIT;
            case AUTHORIZATION_ACTION_CUSTOM -> AuthorizationPolicy.Action.CUSTOM;
            case AUTHORIZATION_ACTION_UNSPECIFIED, UNRECOGNIZED -> throw unknown(at, field);
        };
    }

    private static DecodeException unknown(FieldPath at, String field) {
        return at.wrong(field, "is missing or has a value that this version does not know");
    }
}
