/** Whether an established connection may go on, asked at its start and at every change of policy. */
@NullMarked
package io.tanja.proxy.authz;

import org.jspecify.annotations.NullMarked;
