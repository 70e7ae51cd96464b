@NullMarked
package io.tanja.cli;

import org.jspecify.annotations.NullMarked;
