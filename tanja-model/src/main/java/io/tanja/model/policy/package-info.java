/** Which policies hold for a workload: selection, inheritance and conflicts. */
@NullMarked
package io.tanja.model.policy;

import org.jspecify.annotations.NullMarked;
