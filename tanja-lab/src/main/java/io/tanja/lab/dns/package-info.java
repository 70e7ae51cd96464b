/** The cluster's name server: service names to addresses. */
@NullMarked
package io.tanja.lab.dns;

import org.jspecify.annotations.NullMarked;
