/** What injection adds to the lab's pods. */
@NullMarked
package io.tanja.lab.inject;

import org.jspecify.annotations.NullMarked;
