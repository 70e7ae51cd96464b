/** Whom we believe: the roots of each trust domain, and the verdict over a peer's certificate chain. */
@NullMarked
package io.tanja.pki.trust;

import org.jspecify.annotations.NullMarked;
