/** Who is connected to the control plane, and how far each proxy is: what all replicas say, beside the pods that there are. */
@NullMarked
package io.tanja.diagnose.status;

import org.jspecify.annotations.NullMarked;
