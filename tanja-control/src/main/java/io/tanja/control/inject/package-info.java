/**
 * What a sidecar makes of a pod: the pod in, the pod with its redirect and its proxy out, or why not. Built from API types;
 * whether a pod gets one at all is decided in {@code io.tanja.model.inject}.
 */
@NullMarked
package io.tanja.control.inject;

import org.jspecify.annotations.NullMarked;
