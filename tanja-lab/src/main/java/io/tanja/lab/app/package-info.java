/** Small applications that scenarios run inside pods: a server that shows what it received, and a load client. */
@NullMarked
package io.tanja.lab.app;

import org.jspecify.annotations.NullMarked;
