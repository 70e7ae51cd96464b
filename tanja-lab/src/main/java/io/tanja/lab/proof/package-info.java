/** Judges captured connections: encrypted, plaintext or opaque. The verdict comes from packets, never from a proxy. */
@NullMarked
package io.tanja.lab.proof;

import org.jspecify.annotations.NullMarked;
