package io.tanja.model.validate;

import io.tanja.model.api.ApiObject;
import io.tanja.model.api.AuthorizationPolicy;
import io.tanja.model.api.Deployment;
import io.tanja.model.api.EndpointSlice;
import io.tanja.model.api.ModuleConfig;
import io.tanja.model.api.Namespace;
import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.api.Pod;
import io.tanja.model.api.Service;
import io.tanja.model.api.ServiceAccount;
import java.util.ArrayList;
import java.util.List;

/** What a schema cannot say about an object. Follows Istio's {@code pkg/config/validation/validation.go}. */
public final class Validation {
    private Validation() {}

    /** Checks one object by itself; an empty list means that it is sound. */
    public static List<Problem> check(ApiObject object) {
        Findings findings = new Findings(object, new ArrayList<>());
        switch (object) {
            case PeerAuthentication p -> PeerAuthenticationRules.check(p, findings);
            case AuthorizationPolicy a -> AuthorizationPolicyRules.check(a, findings);
            case Namespace _, ServiceAccount _, Pod _, Deployment _, Service _, EndpointSlice _, ModuleConfig _ -> {}
        }
        return findings.problems();
    }
}
