@NullMarked
package io.tanja.pki;

import org.jspecify.annotations.NullMarked;
