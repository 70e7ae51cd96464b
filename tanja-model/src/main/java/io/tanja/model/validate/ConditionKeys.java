package io.tanja.model.validate;

import io.tanja.model.authz.IpBlock;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The attributes that a {@code when} condition may name ({@code ValidateAttribute} of Istio's security package). */
final class ConditionKeys {
    private static final Set<String> PLAIN = Set.of(
            "source.ip",
            "remote.ip",
            "source.namespace",
            "source.principal",
            "source.serviceAccount",
            "source.trustDomain",
            "request.auth.principal",
            "request.auth.audiences",
            "request.auth.presenter",
            "destination.ip",
            "destination.port",
            "connection.sni");

    private ConditionKeys() {}

    static boolean isKnown(String key) {
        return PLAIN.contains(key)
                || hasName(key, "request.headers[")
                || hasName(key, "request.auth.claims[")
                || key.startsWith("experimental.envoy.filters.") && key.endsWith("]");
    }

    private static boolean hasName(String key, String prefix) {
        return key.startsWith(prefix) && key.endsWith("]") && key.length() > prefix.length() + 1;
    }

    static boolean isIdentity(String key) {
        return key.startsWith("request.auth.")
                || switch (key) {
                    case "source.namespace", "source.principal", "source.serviceAccount", "source.trustDomain" -> true;
                    default -> false;
                };
    }

    static String known() {
        return String.join(", ", new TreeSet<>(PLAIN)) + ", request.headers[<name>], request.auth.claims[<name>]";
    }

    /** Checks a value of an attribute; it throws IllegalArgumentException for a wrong one. */
    static Consumer<String> check(String key) {
        return switch (key) {
            case "source.ip", "remote.ip", "destination.ip" -> IpBlock::parse;
            case "destination.port" -> AuthorizationPolicyRules::port;
            case "source.principal" -> AuthorizationPolicyRules::principal;
            case "source.serviceAccount" -> AuthorizationPolicyRules::account;
            default -> value -> {};
        };
    }
}
