/** The Helm chart, written from the objects of an installation. */
@NullMarked
package io.tanja.install.chart;

import org.jspecify.annotations.NullMarked;
