package io.tanja.model.authz;

/**
 * One {@code when} condition.
 *
 * @param key the attribute, such as {@code source.namespace} or {@code request.headers[x-team]}
 * @param values values and notValues
 */
public record Condition(String key, Values values) {}
