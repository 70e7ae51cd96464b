package io.tanja.xds.codec;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.authz.Condition;
import io.tanja.model.authz.Operation;
import io.tanja.model.authz.Rule;
import io.tanja.model.authz.Source;
import io.tanja.model.authz.Values;
import io.tanja.xds.proto.tanja.v1.AuthorizationCondition;
import io.tanja.xds.proto.tanja.v1.AuthorizationOperation;
import io.tanja.xds.proto.tanja.v1.AuthorizationRule;
import io.tanja.xds.proto.tanja.v1.AuthorizationSource;
import io.tanja.xds.proto.tanja.v1.AuthorizationValues;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * AuthorizationPolicies with all their fields, for our own sidecars.
 *
 * <p>Only what is understood whole decodes: an ALLOW rule from a newer control plane whose unknown restriction fell away
 * would let everybody in.
 */
final class PolicyCodec {
    private PolicyCodec() {}

    static io.tanja.xds.proto.tanja.v1.AuthorizationPolicy encode(AuthorizationPolicy policy) {
        var out = io.tanja.xds.proto.tanja.v1.AuthorizationPolicy.newBuilder()
                .setNamespace(policy.name().namespace())
                .setName(policy.name().name())
                .setAction(Enums.encode(policy.action()))
                .setDryRun(policy.dryRun());
        for (Rule rule : policy.rules()) {
            AuthorizationRule.Builder to = AuthorizationRule.newBuilder();
            rule.from().forEach(source -> to.addFrom(encode(source)));
            rule.to().forEach(operation -> to.addTo(encode(operation)));
            for (Condition condition : rule.when()) {
                AuthorizationCondition.Builder when =
                        AuthorizationCondition.newBuilder().setKey(condition.key());
                given(condition.values(), when::setValues);
                to.addWhen(when);
            }
            out.addRules(to);
        }
        return out.build();
    }

    private static AuthorizationSource encode(Source source) {
        AuthorizationSource.Builder out = AuthorizationSource.newBuilder();
        given(source.principals(), out::setPrincipals);
        given(source.requestPrincipals(), out::setRequestPrincipals);
        given(source.namespaces(), out::setNamespaces);
        given(source.serviceAccounts(), out::setServiceAccounts);
        given(source.ipBlocks(), out::setIpBlocks);
        given(source.remoteIpBlocks(), out::setRemoteIpBlocks);
        return out.build();
    }

    private static AuthorizationOperation encode(Operation operation) {
        AuthorizationOperation.Builder out = AuthorizationOperation.newBuilder();
        given(operation.hosts(), out::setHosts);
        given(operation.ports(), out::setPorts);
        given(operation.methods(), out::setMethods);
        given(operation.paths(), out::setPaths);
        return out.build();
    }

    private static void given(Values values, Consumer<AuthorizationValues> field) {
        if (!values.isEmpty()) {
            field.accept(AuthorizationValues.newBuilder()
                    .addAllAny(values.any())
                    .addAllNot(values.not())
                    .build());
        }
    }

    static AuthorizationPolicy decode(FieldPath at, io.tanja.xds.proto.tanja.v1.AuthorizationPolicy message)
            throws DecodeException {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < message.getRulesCount(); i++) {
            rules.add(decode(at.in("rules", i), message.getRules(i)));
        }
        AuthorizationPolicy policy = new AuthorizationPolicy(
                at.name(message.getNamespace(), message.getName()),
                Enums.decode(at, "action", message.getAction()),
                rules,
                message.getDryRun());
        if (!encode(policy).toByteString().equals(message.toByteString())) {
            throw at.wrong("rules", "have fields that this version does not know; update the proxy");
        }
        return policy;
    }

    private static Rule decode(FieldPath at, AuthorizationRule rule) throws DecodeException {
        List<Source> from = new ArrayList<>();
        for (AuthorizationSource source : rule.getFromList()) {
            from.add(new Source(
                    decode(source.getPrincipals()),
                    decode(source.getRequestPrincipals()),
                    decode(source.getNamespaces()),
                    decode(source.getServiceAccounts()),
                    decode(source.getIpBlocks()),
                    decode(source.getRemoteIpBlocks())));
        }
        List<Operation> to = new ArrayList<>();
        for (AuthorizationOperation operation : rule.getToList()) {
            to.add(new Operation(
                    decode(operation.getHosts()),
                    decode(operation.getPorts()),
                    decode(operation.getMethods()),
                    decode(operation.getPaths())));
        }
        List<Condition> when = new ArrayList<>();
        for (int i = 0; i < rule.getWhenCount(); i++) {
            AuthorizationCondition condition = rule.getWhen(i);
            String key = at.in("when", i).required("key", condition.getKey());
            when.add(new Condition(key, decode(condition.getValues())));
        }
        return new Rule(from, to, when);
    }

    private static Values decode(AuthorizationValues values) {
        return new Values(values.getAnyList(), values.getNotList());
    }
}
