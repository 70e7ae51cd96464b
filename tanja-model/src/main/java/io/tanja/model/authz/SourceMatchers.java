package io.tanja.model.authz;

import io.tanja.model.identity.SpiffeId;
import java.util.ArrayList;
import java.util.List;

/**
 * Tests of who calls. A caller without identity matches none of the identity tests, hence all of their negations. All
 * comparisons are of text, never of regular expressions made of a tenant's text.
 */
final class SourceMatchers {
    private static final int MAX_ACCOUNT_LENGTH = 320;

    private SourceMatchers() {}

    static Matcher principal(String value, TrustDomainAliases aliases) {
        if (value.startsWith("spiffe://")) {
            throw new IllegalArgumentException("a principal is written without spiffe://");
        }
        List<Matcher> matchers = new ArrayList<>();
        for (String expanded : aliases.principals(value)) {
            matchers.add(onePrincipal(TextPattern.of(expanded)));
        }
        return Matcher.any(matchers);
    }

    private static Matcher onePrincipal(TextPattern pattern) {
        return switch (pattern.kind()) {
            case PRESENT -> (c, r) -> c.source() != null;
            case EXACT -> exactPrincipal(pattern.text());
            case PREFIX, SUFFIX ->
                (c, r) -> {
                    SpiffeId source = c.source();
                    return source != null && pattern.matches(source.principal());
                };
        };
    }

    /** Compares identities part by part, which makes no text; a value that is no identity is nobody's. */
    private static Matcher exactPrincipal(String text) {
        try {
            SpiffeId identity = SpiffeId.parsePrincipal(text);
            return (c, r) -> identity.equals(c.source());
        } catch (IllegalArgumentException e) {
            return (c, r) -> false;
        }
    }

    static Matcher namespace(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an empty namespace matches nothing");
        }
        String[] pieces = value.split("\\*", -1);
        return (c, r) -> {
            SpiffeId source = c.source();
            return source != null && glob(pieces, source.namespace());
        };
    }

    /** Whether the pieces stand in the text in their order, the first at its beginning and the last at its end. */
    private static boolean glob(String[] pieces, String text) {
        String first = pieces[0];
        if (pieces.length == 1) {
            return text.equals(first);
        }
        String last = pieces[pieces.length - 1];
        int end = text.length() - last.length();
        if (!text.startsWith(first) || !text.endsWith(last) || end < first.length()) {
            return false;
        }
        int at = first.length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int found = text.indexOf(pieces[i], at);
            if (found < 0 || found + pieces[i].length() > end) {
                return false;
            }
            at = found + pieces[i].length();
        }
        return true;
    }

    static Matcher serviceAccount(String value, String policyNamespace) {
        int slash = value.indexOf('/');
        String namespace = slash < 0 ? policyNamespace : value.substring(0, slash);
        String account = value.substring(slash + 1);
        boolean form = !namespace.isEmpty() && !account.isEmpty() && account.indexOf('/') < 0;
        if (!form || value.indexOf('*') >= 0 || value.length() > MAX_ACCOUNT_LENGTH) {
            throw new IllegalArgumentException("a service account is written <account> or <namespace>/<account>");
        }
        return (c, r) -> {
            SpiffeId source = c.source();
            return source != null
                    && source.serviceAccount().equals(account)
                    && source.namespace().equals(namespace);
        };
    }

    static Matcher trustDomain(String value, TrustDomainAliases aliases) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an empty trust domain matches nothing");
        }
        List<String> domains = aliases.domains(value);
        return (c, r) -> {
            SpiffeId source = c.source();
            return source != null && domains.contains(source.trustDomain().name());
        };
    }

    /** The direct peer's address; remoteIpBlocks are compared with it too as long as X-Forwarded-For is not evaluated. */
    static Matcher sourceIp(String value) {
        IpBlock block = IpBlock.parse(value);
        return (c, r) -> block.contains(c.sourceIp());
    }
}
