/** AuthorizationPolicy: its records, and the engine that decides with a reason. */
@NullMarked
package io.tanja.model.authz;

import org.jspecify.annotations.NullMarked;
