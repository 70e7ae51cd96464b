/** What is so on a cluster, and why: asked of the API server with the user's own credentials, judged by the mesh's own code. */
@NullMarked
package io.tanja.diagnose;

import org.jspecify.annotations.NullMarked;
