package io.tanja.control.ca;

import io.tanja.model.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated caller.
 *
 * @param identity the only identity it may get a certificate for
 * @param pod the pod that its token is bound to; null if the token is bound to none
 */
public record Caller(SpiffeId identity, @Nullable PodReference pod) {}
