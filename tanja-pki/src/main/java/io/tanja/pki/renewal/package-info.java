/** When a certificate is renewed, and how long to wait after a failure. */
@NullMarked
package io.tanja.pki.renewal;

import org.jspecify.annotations.NullMarked;
