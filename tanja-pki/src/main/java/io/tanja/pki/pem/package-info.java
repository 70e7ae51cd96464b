/** Certificates and keys as PEM text, with limits and errors that name what is wrong. */
@NullMarked
package io.tanja.pki.pem;

import org.jspecify.annotations.NullMarked;
