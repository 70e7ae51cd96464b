/** What the settings of the ModuleConfig {@code istio} mean: read here once, for the control plane's state and for who checks them. */
@NullMarked
package io.tanja.model.module;

import org.jspecify.annotations.NullMarked;
