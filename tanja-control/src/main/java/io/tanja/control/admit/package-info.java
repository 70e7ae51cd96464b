/** What the API server asks before it stores an object: the webhooks' HTTPS port, their answers, their registration. */
@NullMarked
package io.tanja.control.admit;

import org.jspecify.annotations.NullMarked;
