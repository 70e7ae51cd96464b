/** The proxy's own identity: key, certificate, trust bundle, and their renewal. */
@NullMarked
package io.tanja.proxy.identity;

import org.jspecify.annotations.NullMarked;
