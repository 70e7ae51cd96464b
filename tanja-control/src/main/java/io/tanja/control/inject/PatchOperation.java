package io.tanja.control.inject;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a JSON patch (RFC 6902).
 *
 * @param op {@code add}, {@code replace} or {@code remove}
 * @param path a JSON pointer (RFC 6901)
 * @param value what is put there; null for {@code remove}
 */
public record PatchOperation(
        String op, String path, @Nullable Object value) {}
