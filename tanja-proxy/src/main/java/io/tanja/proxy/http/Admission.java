package io.tanja.proxy.http;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.upstream.Upstream;

/** What happens to a request. */
public sealed interface Admission {
    /**
     * It goes on.
     *
     * @param upstream where to
     */
    record Forward(Upstream upstream) implements Admission {}

    /**
     * It is answered here.
     *
     * @param status 400 to 599
     * @param body the answer's text, such as {@code RBAC: access denied}
     * @param refusal the catalogued cause
     * @param detail the policy and rule, expected and actual; for logs
     */
    record Reject(int status, String body, Refusal refusal, String detail) implements Admission {}
}
