package io.tanja.model.authz;

/**
 * Where a request comes from: all given fields must match. Field meaning as in Istio's {@code Source}
 * ({@code security/v1beta1/authorization_policy.proto}).
 */
public record Source(
        Values principals,
        Values requestPrincipals,
        Values namespaces,
        Values serviceAccounts,
        Values ipBlocks,
        Values remoteIpBlocks) {}
