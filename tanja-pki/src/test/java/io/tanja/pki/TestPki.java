package io.tanja.pki;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.CertificateLifetimes;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.ca.IssuedChain;
import io.tanja.pki.ca.SelfSignedRoot;
import io.tanja.pki.ca.ServingNames;
import io.tanja.pki.ca.SigningMaterial;
import io.tanja.pki.csr.CertificateRequest;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.trust.TrustBundle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A CA made for a test, and leaves of every kind that a peer may show: good ones through the real CA, bad ones through
 * {@link TestLeaf}.
 *
 * <p>Another CA of the same trust domain is another {@code TestPki}; another trust domain is one made with its name.
 */
public final class TestPki {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TrustDomain trustDomain;
    private final Instant now;
    private final SigningMaterial material;
    private final CertificateAuthority authority;

    private TestPki(TrustDomain trustDomain, Instant now, SigningMaterial material) {
        this.trustDomain = trustDomain;
        this.now = now;
        this.material = material;
        this.authority = new CertificateAuthority(() -> material, CertificateLifetimes.ISTIO, RANDOM);
    }

    /** A CA for {@code cluster.local} whose certificates are valid around {@code now}. */
    public static TestPki create(Instant now) {
        return create(TrustDomain.CLUSTER_LOCAL, now);
    }

    /** A CA for another trust domain. */
    public static TestPki create(TrustDomain trustDomain, Instant now) {
        return new TestPki(trustDomain, now, SelfSignedRoot.create(trustDomain, now, RANDOM));
    }

    /** A CA whose signing certificate is an intermediate below this one's root. */
    public TestPki intermediate() {
        return new TestPki(trustDomain, now, TestLeaf.intermediate(material, now));
    }

    /** A forger: signs with the key of an ordinary leaf and sends that leaf as its intermediate. */
    public TestPki signingWith(TestIdentity leaf) {
        return new TestPki(
                trustDomain, now, new SigningMaterial(leaf.key(), leaf.leaf(), leaf.chain(), leaf.roots(), List.of()));
    }

    /** The same CA with a root of the same name and key, and other times. */
    public TestPki withResignedRoot(Duration fromNow, Duration untilFromNow) {
        X509Certificate root = TestLeaf.resign(material, now.plus(fromNow), now.plus(untilFromNow));
        return new TestPki(
                trustDomain,
                now,
                new SigningMaterial(material.key(), material.certificate(), List.of(), List.of(root), List.of()));
    }

    /** The CA under test conditions. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** Its key material. */
    public SigningMaterial material() {
        return material;
    }

    /** Its roots. */
    public List<X509Certificate> roots() {
        return material.roots();
    }

    /** The bundle that trusts its roots for its trust domain. */
    public TrustBundle bundle() {
        return TrustBundle.of(trustDomain, roots());
    }

    /** The identity of a service account in its trust domain. */
    public SpiffeId id(String namespace, String serviceAccount) {
        return new SpiffeId(trustDomain, namespace, serviceAccount);
    }

    /** A good leaf for 24 hours. */
    public TestIdentity leaf(SpiffeId id) {
        return leaf(id, Duration.ofHours(24));
    }

    /** A good leaf for a service account in its trust domain. */
    public TestIdentity leaf(String namespace, String serviceAccount) {
        return leaf(id(namespace, serviceAccount));
    }

    /** A good leaf that expires {@code lifetime} after this CA's time. */
    public TestIdentity leaf(SpiffeId id, Duration lifetime) {
        return leaf(id, lifetime, now);
    }

    /** A good leaf issued at {@code issued}. */
    public TestIdentity leaf(SpiffeId id, Duration lifetime, Instant issued) {
        KeyPair keys = KeyPairs.ecP256(RANDOM);
        try {
            byte[] csr = CertificateRequest.of(keys).der();
            return new TestIdentity(keys.getPrivate(), authority.issue(csr, id, lifetime, issued));
        } catch (IssuanceException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A leaf that expired an hour ago. */
    public TestIdentity expired(SpiffeId id) {
        return badLeaf()
                .uri(id.uri())
                .validity(Duration.ofHours(-25), Duration.ofHours(-1))
                .issue();
    }

    /** A leaf that becomes valid in an hour. */
    public TestIdentity notYetValid(SpiffeId id) {
        return badLeaf()
                .uri(id.uri())
                .validity(Duration.ofHours(1), Duration.ofHours(25))
                .issue();
    }

    /** A leaf with two URI SANs. */
    public TestIdentity twoUris(SpiffeId one, SpiffeId other) {
        return badLeaf().uri(one.uri()).uri(other.uri()).issue();
    }

    /** A leaf without any SAN. */
    public TestIdentity noSan() {
        return badLeaf().issue();
    }

    /** A leaf that is good for nothing but signing code. */
    public TestIdentity wrongUsage(SpiffeId id) {
        return badLeaf().uri(id.uri()).codeSigningOnly().issue();
    }

    /** Builds a leaf of any other form. */
    public TestLeaf badLeaf() {
        return new TestLeaf(material, now, RANDOM);
    }

    /** A server certificate with a DNS name and the loopback addresses. */
    public TestIdentity server(String dnsName) {
        KeyPair keys = KeyPairs.ecP256(RANDOM);
        try {
            ServingNames names = new ServingNames(
                    List.of(dnsName), List.of(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("::1")));
            return new TestIdentity(
                    keys.getPrivate(), authority.issueServing(keys.getPublic(), names, Duration.ofHours(24), now));
        } catch (IssuanceException | UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The chain of {@code identity} with its roots, as the CA's service returns it. */
    public static List<String> istioChain(TestIdentity identity) {
        return new IssuedChain(
                        identity.chain().getFirst(),
                        identity.chain().subList(1, identity.chain().size()),
                        identity.roots())
                .asIstioChain();
    }
}
