/** JSON (RFC 8259), read strictly and wholly: for the few variables in which a pod's settings come. */
@NullMarked
package io.tanja.proxy.json;

import org.jspecify.annotations.NullMarked;
