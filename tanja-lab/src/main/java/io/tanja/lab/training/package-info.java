/** Makes the AOT cache with which sidecars start. */
@NullMarked
package io.tanja.lab.training;

import org.jspecify.annotations.NullMarked;
