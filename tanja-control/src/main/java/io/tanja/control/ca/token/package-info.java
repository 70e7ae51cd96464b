/** Tokens that stand for a service account where no Kubernetes issues them. */
@NullMarked
package io.tanja.control.ca.token;

import org.jspecify.annotations.NullMarked;
