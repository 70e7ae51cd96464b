/** What an image name stands for on this machine: a command. */
@NullMarked
package io.tanja.lab.image;

import org.jspecify.annotations.NullMarked;
