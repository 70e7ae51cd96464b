/** Bad days on a real Kubernetes. */
@NullMarked
package io.tanja.lab.cluster;

import org.jspecify.annotations.NullMarked;
