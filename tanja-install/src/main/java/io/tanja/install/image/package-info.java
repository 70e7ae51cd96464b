/** The one image that control plane, proxies and redirect run from, made of this machine's files. */
@NullMarked
package io.tanja.install.image;

import org.jspecify.annotations.NullMarked;
