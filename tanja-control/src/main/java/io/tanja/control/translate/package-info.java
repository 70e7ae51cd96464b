/** Turns the mesh's state into the resources that proxies read: pure, and the same bytes for the same state. */
@NullMarked
package io.tanja.control.translate;

import org.jspecify.annotations.NullMarked;
