/** What is wrong with an object: the problems themselves, and the checks that a schema cannot express. */
@NullMarked
package io.tanja.model.validate;

import org.jspecify.annotations.NullMarked;
