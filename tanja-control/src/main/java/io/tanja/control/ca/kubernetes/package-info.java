/** Identity from the cluster: tokens that the API server reviews, and a CA that is kept in Secrets. */
@NullMarked
package io.tanja.control.ca.kubernetes;

import org.jspecify.annotations.NullMarked;
