/** The mesh as the declared objects make it: settings, services, workloads with their effective modes, policies. */
@NullMarked
package io.tanja.control.state;

import org.jspecify.annotations.NullMarked;
