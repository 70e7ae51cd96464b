package io.tanja.control.watch;

import java.util.List;
import java.util.Map;

/**
 * A part of a list.
 *
 * @param items its objects
 * @param resourceVersion the version of the whole list
 * @param next where the list goes on; empty if this is its end
 */
record Page(List<Map<String, Object>> items, String resourceVersion, String next) {}
