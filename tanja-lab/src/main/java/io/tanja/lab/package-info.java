@NullMarked
package io.tanja.lab;

import org.jspecify.annotations.NullMarked;
