/** Manifests, YAML or JSON, become objects; every problem names object, field, line and remedy. */
@NullMarked
package io.tanja.model.manifest;

import org.jspecify.annotations.NullMarked;
