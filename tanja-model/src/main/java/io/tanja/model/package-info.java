@NullMarked
package io.tanja.model;

import org.jspecify.annotations.NullMarked;
