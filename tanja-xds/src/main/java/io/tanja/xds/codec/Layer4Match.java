package io.tanja.xds.codec;

import com.google.protobuf.Empty;
import io.tanja.model.authz.Values;
import io.tanja.xds.proto.istio.security.Address;
import io.tanja.xds.proto.istio.security.Match;
import io.tanja.xds.proto.istio.security.ServiceAccountMatch;
import io.tanja.xds.proto.istio.security.StringMatch;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One match of a layer-4 policy while it is built. Fields that cannot be expressed are added to {@code lost}. */
final class Layer4Match {
    private static final int MAX_PORT = 65535;

    private final Match.Builder out = Match.newBuilder();
    private final String namespace;
    private final List<String> lost;

    Layer4Match(String policyNamespace, List<String> lost) {
        this.namespace = policyNamespace;
        this.lost = lost;
    }

    Match build() {
        return out.build();
    }

    void unsupported(String field, Values values) {
        if (!values.isEmpty()) {
            lost.add(field);
        }
    }

    void principals(String field, Values values) {
        each(field, values, Layer4Match::string, out::addPrincipals, out::addNotPrincipals);
    }

    void namespaces(String field, Values values) {
        each(field, values, Layer4Match::string, out::addNamespaces, out::addNotNamespaces);
    }

    void serviceAccounts(String field, Values values) {
        each(field, values, this::serviceAccount, out::addServiceAccounts, out::addNotServiceAccounts);
    }

    void sourceIps(String field, Values values) {
        each(field, values, IpPrefix::parse, out::addSourceIps, out::addNotSourceIps);
    }

    void destinationIps(String field, Values values) {
        each(field, values, IpPrefix::parse, out::addDestinationIps, out::addNotDestinationIps);
    }

    void ports(String field, Values values) {
        each(field, values, Layer4Match::port, out::addDestinationPorts, out::addNotDestinationPorts);
    }

    /** Adds all values of the field or, if one cannot be read, none: half a list would mean something else. */
    private <T> void each(
            String field,
            Values values,
            Function<String, @Nullable T> reader,
            Consumer<? super T> any,
            Consumer<? super T> not) {
        for (List<String> texts : List.of(values.any(), values.not())) {
            for (String text : texts) {
                if (reader.apply(text) == null) {
                    lost.add(field);
                    return;
                }
            }
        }
        for (String text : values.any()) {
            accept(reader.apply(text), any);
        }
        for (String text : values.not()) {
            accept(reader.apply(text), not);
        }
    }

    private static <T> void accept(@Nullable T value, Consumer<? super T> to) {
        if (value != null) {
            to.accept(value);
        }
    }

    private static StringMatch string(String text) {
        StringMatch.Builder match = StringMatch.newBuilder();
        if (text.equals("*")) {
            match.setPresence(Empty.getDefaultInstance());
        } else if (text.startsWith("*")) {
            match.setSuffix(text.substring(1));
        } else if (text.endsWith("*")) {
            match.setPrefix(text.substring(0, text.length() - 1));
        } else {
            match.setExact(text);
        }
        return match.build();
    }

    private ServiceAccountMatch serviceAccount(String text) {
        int slash = text.indexOf('/');
        return ServiceAccountMatch.newBuilder()
                .setNamespace(slash < 0 ? namespace : text.substring(0, slash))
                .setServiceAccount(text.substring(slash + 1))
                .build();
    }

    private static @Nullable Integer port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port >= 1 && port <= MAX_PORT ? port : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Networks in CIDR notation. */
    private static final class IpPrefix {
        static @Nullable Address parse(String text) {
            int slash = text.indexOf('/');
            var address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
            if (address == null) {
                return null;
            }
            int bits = address.getAddress().length * Byte.SIZE;
            try {
                int length = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
                return length < 0 || length > bits
                        ? null
                        : Address.newBuilder()
                                .setAddress(IpBytes.encode(address))
                                .setLength(length)
                                .build();
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
