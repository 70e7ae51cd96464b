@NullMarked
package io.tanja.xds;

import org.jspecify.annotations.NullMarked;
