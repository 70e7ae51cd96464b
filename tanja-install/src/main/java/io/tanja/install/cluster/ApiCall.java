package io.tanja.install.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tanja.install.InstallException;
import java.util.function.Supplier;

/** Calls the API server, and says of a failure what can be done about it. */
public final class ApiCall {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;

    private ApiCall() {}

    /**
     * Does it.
     *
     * @param what the object, for people
     */
    static <T> T of(String what, Supplier<T> call) throws InstallException {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw new InstallException(what, why(e), remedy(e.getCode()));
        }
    }

    /** What the API server said, or what kept it from saying anything. */
    public static String why(KubernetesClientException e) {
        String said = e.getStatus() == null ? null : e.getStatus().getMessage();
        if (said != null) {
            return said;
        }
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
    }

    private static String remedy(int code) {
        return switch (code) {
            case 0 -> "make the API server reachable; --kubeconfig and --context tell which one is meant";
            case UNAUTHORIZED -> "log in again, or name another --context";
            case FORBIDDEN -> "installing needs the rights of a cluster administrator";
            case CONFLICT -> "somebody else has set these fields; --force takes them over";
            case UNPROCESSABLE ->
                "the API server does not accept the object; it may be too old (1.29 and later are meant)";
            default -> "see what the API server says";
        };
    }
}
