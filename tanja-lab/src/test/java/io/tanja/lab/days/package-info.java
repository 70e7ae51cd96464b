/** Bad days: what breaks while requests are under way, and what of it a caller notices. */
@NullMarked
package io.tanja.lab.days;

import org.jspecify.annotations.NullMarked;
