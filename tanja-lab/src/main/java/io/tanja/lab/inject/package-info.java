/** Whether a pod gets a sidecar, and what injection adds to it. */
@NullMarked
package io.tanja.lab.inject;

import org.jspecify.annotations.NullMarked;
