/** What is told about connections and requests: access log and metrics. */
@NullMarked
package io.tanja.proxy.observe;

import org.jspecify.annotations.NullMarked;
