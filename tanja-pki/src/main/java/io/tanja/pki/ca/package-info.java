/** The certificate authority: its key material, its rules, and what it issues. */
@NullMarked
package io.tanja.pki.ca;

import org.jspecify.annotations.NullMarked;
