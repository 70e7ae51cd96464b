/** Measures a pair of sidecars against the real Envoy as the same pair, in one run, and says what was measured. */
@NullMarked
package io.tanja.lab.bench;

import org.jspecify.annotations.NullMarked;
