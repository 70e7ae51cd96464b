/** Objects as the columns that kubectl prints. */
@NullMarked
package io.tanja.lab.table;

import org.jspecify.annotations.NullMarked;
