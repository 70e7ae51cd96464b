/** The few DER forms that the data path needs, without the classes of a full ASN.1 library. */
@NullMarked
package io.tanja.pki.der;

import org.jspecify.annotations.NullMarked;
