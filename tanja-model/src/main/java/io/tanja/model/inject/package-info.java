/** Whether a pod gets a sidecar and what of its traffic it takes: decided here once, for the webhook, the offline command and the lab. */
@NullMarked
package io.tanja.model.inject;

import org.jspecify.annotations.NullMarked;
