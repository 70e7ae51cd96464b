/** Pure decisions: what happens to a captured connection, and which endpoint it goes to. */
@NullMarked
package io.tanja.proxy.route;

import org.jspecify.annotations.NullMarked;
