/** HTTP/1.1 passing through: heads are edited, bodies pass by their framing. */
@NullMarked
package io.tanja.proxy.http;

import org.jspecify.annotations.NullMarked;
