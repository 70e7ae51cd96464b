@NullMarked
package io.tanja.control;

import org.jspecify.annotations.NullMarked;
