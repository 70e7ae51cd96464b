/** The private namespaces that a lab lives in, and what they need from the machine. */
@NullMarked
package io.tanja.lab.sandbox;

import org.jspecify.annotations.NullMarked;
