/** The Kubernetes objects that the lab keeps: read from YAML, checked, completed as an API server would. */
@NullMarked
package io.tanja.lab.object;

import org.jspecify.annotations.NullMarked;
