/** The walk-through: the seed document's steps, then what it only promises, each with what was expected and observed. */
@NullMarked
package io.tanja.lab.demo;

import org.jspecify.annotations.NullMarked;
