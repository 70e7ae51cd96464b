package io.tanja.diagnose.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.install.cluster.ApiCall;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls the API server, and says of a failure what can be done about it. */
public final class ClusterCall {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private ClusterCall() {}

    /**
     * Does it.
     *
     * @param what the object, for people
     * @throws DiagnoseException with the API server's words
     */
    public static <T extends @Nullable Object> T of(String what, Supplier<T> call) throws DiagnoseException {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw new DiagnoseException(what, ApiCall.why(e), remedy(e.getCode()));
        }
    }

    /** Does it; null if there is no such object, or no such kind. */
    public static <T> @Nullable T optional(String what, Supplier<@Nullable T> call) throws DiagnoseException {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return null;
            }
            throw new DiagnoseException(what, ApiCall.why(e), remedy(e.getCode()));
        }
    }

    private static String remedy(int code) {
        return switch (code) {
            case 0 -> "make the API server reachable; --kubeconfig and --context tell which one is meant";
            case UNAUTHORIZED -> "log in again, or name another --context";
            case FORBIDDEN -> "ask for that right, or use another --context";
            case NOT_FOUND -> "name another, or another --namespace";
            default -> "see what the API server says";
        };
    }
}
