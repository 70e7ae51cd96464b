package io.tanja.xds.codec;

import io.tanja.xds.proto.istio.security.Authorization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an AuthorizationPolicy that a layer-4 client such as ztunnel can enforce.
 *
 * @param authorization what to send, null if the policy's action does not exist at layer 4
 * @param notes what could not be expressed and what became of it, for the policy's status
 */
public record Layer4Policy(@Nullable Authorization authorization, List<String> notes) {
    /** Copies the list. */
    public Layer4Policy {
        notes = List.copyOf(notes);
    }
}
