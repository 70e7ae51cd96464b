package io.tanja.model.inject;

/**
 * What holds for a sidecar where its pod's annotations say nothing.
 *
 * @param scope which traffic it takes
 * @param hold whether the application starts only when the proxy is ready
 * @param http10 whether requests of HTTP/1.0 are served; else they are answered 426, as Istio does
 */
public record SidecarDefaults(CaptureScope scope, boolean hold, boolean http10) {
    /** What holds in a mesh without settings. */
    public static final SidecarDefaults STANDARD = new SidecarDefaults(CaptureScope.EVERYTHING, false, false);
}
