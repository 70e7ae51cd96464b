/** One pod described: whether it is meshed, under which identity and modes, by which policies, and what deserves attention. */
@NullMarked
package io.tanja.diagnose.describe;

import org.jspecify.annotations.NullMarked;
