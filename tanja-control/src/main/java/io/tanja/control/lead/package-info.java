/** Which replica of the control plane writes, and what it keeps written: the roots in every namespace. */
@NullMarked
package io.tanja.control.lead;

import org.jspecify.annotations.NullMarked;
