/** Where the declared objects come from: a watched folder of manifests, later the Kubernetes API. */
@NullMarked
package io.tanja.control.source;

import org.jspecify.annotations.NullMarked;
