/** The one port of the control plane: TLS, authentication of every call, limits. */
@NullMarked
package io.tanja.control.serve;

import org.jspecify.annotations.NullMarked;
