/** How a connection is protected, or the named reason why it is not or was refused. */
@NullMarked
package io.tanja.model.security;

import org.jspecify.annotations.NullMarked;
