/** The life of one pod: namespace, redirect, sidecar, containers, readiness. */
@NullMarked
package io.tanja.lab.pod;

import org.jspecify.annotations.NullMarked;
