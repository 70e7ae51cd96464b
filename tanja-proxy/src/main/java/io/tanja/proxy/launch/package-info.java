/** How the process is started: what flags and environment say, and how its JVM is to run. */
@NullMarked
package io.tanja.proxy.launch;

import org.jspecify.annotations.NullMarked;
