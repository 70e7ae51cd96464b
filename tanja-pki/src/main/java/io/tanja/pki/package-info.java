/** X.509 for the mesh: what the CA issues, what a proxy asks for, and whom it trusts. */
@NullMarked
package io.tanja.pki;

import org.jspecify.annotations.NullMarked;
