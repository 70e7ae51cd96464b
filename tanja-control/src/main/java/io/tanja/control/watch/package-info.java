/** Lists a kind of the Kubernetes API and follows it, through every way in which a watch can end. */
@NullMarked
package io.tanja.control.watch;

import org.jspecify.annotations.NullMarked;
