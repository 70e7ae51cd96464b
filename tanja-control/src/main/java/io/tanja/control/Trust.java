package io.tanja.control;

import io.tanja.control.ca.Authenticator;
import io.tanja.control.ca.ServingCertificate;
import io.tanja.control.ca.SignedTokenAuthenticator;
import io.tanja.control.ca.TokenKeyFile;
import io.tanja.control.ca.kubernetes.SecretCa;
import io.tanja.control.ca.kubernetes.TokenReviewAuthenticator;
import io.tanja.control.state.MeshOptions;
import io.tanja.control.status.AuthorityStatus;
import io.tanja.model.identity.Quote;
import io.tanja.pki.ca.CaFolder;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.CaSource;
import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.CertificateLifetimes;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.ca.KeptRoot;
import io.tanja.pki.ca.ReloadableCa;
import io.tanja.pki.ca.ServingNames;
import io.tanja.pki.ca.SigningMaterial;
import io.tanja.pki.pem.Certificates;
import io.tanja.pki.renewal.RenewalSchedule;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane's trust rests on: the CA, the certificate with which it serves, and the key that tokens are
 * verified with.
 *
 * @param ca the material in force
 * @param authority what issues
 * @param serving the own certificate
 * @param authenticator tells who calls
 */
record Trust(ReloadableCa ca, CertificateAuthority authority, ServingCertificate serving, Authenticator authenticator) {
    /** Istio's names, which its agents and ztunnel expect, and ours. */
    private static final List<String> STANDARD_NAMES =
            List.of("istiod.istio-system.svc", "tanja-control.tanja-system.svc", "localhost");

    /**
     * Opens everything from files, or tells why not.
     *
     * @return null if {@code checks} has got a reason
     */
    static @Nullable Trust open(
            ControlOptions options,
            SourceOptions.Folder files,
            InstantSource clock,
            SecureRandom random,
            StartChecks checks) {
        TokenKeyFile tokenKeys = new TokenKeyFile(files.tokenKey());
        boolean tokens = !tokenKeys.get().isEmpty();
        if (!tokens) {
            checks.problem(
                    "--token-key",
                    Quote.printable(files.tokenKey().toString()) + " holds no readable PUBLIC KEY (EC P-256)",
                    "write the token issuer's public key there, as PEM; the log has the reason");
        }
        boolean fresh = isEmpty(files.caDir());
        Serving serving = serving(options, checks);
        if (serving == null || fresh && !checks.none()) {
            // No root is made for a control plane that does not start.
            return null;
        }
        Authenticator authenticator = new SignedTokenAuthenticator(
                options.mesh().trustDomain(), files.tokenIssuer(), SignedTokenAuthenticator.AUDIENCE, tokenKeys, clock);
        try {
            if (fresh) {
                new KeptRoot(files.caDir()).loadOrCreate(options.mesh().trustDomain(), clock.instant(), random);
            }
            Trust trust = of(new CaFolder(files.caDir()), serving, authenticator, clock, random);
            return tokens ? trust : null;
        } catch (CaMaterialException | IssuanceException e) {
            checks.problem("--ca-dir", String.valueOf(e.getMessage()), "correct it, or name an empty folder");
            return null;
        }
    }

    /**
     * Opens everything from a cluster, or tells why not.
     *
     * @return null if {@code checks} has got a reason
     */
    static @Nullable Trust open(
            ControlOptions options, Cluster cluster, InstantSource clock, SecureRandom random, StartChecks checks) {
        Serving serving = serving(options, checks);
        if (serving == null || !checks.none()) {
            return null;
        }
        MeshOptions mesh = options.mesh();
        SecretCa secrets = new SecretCa(cluster.client(), mesh.rootNamespace());
        Authenticator authenticator = new TokenReviewAuthenticator(
                TokenReviewAuthenticator.by(cluster.client()), mesh.trustDomain(), System::nanoTime);
        try {
            secrets.createIfNone(mesh.trustDomain(), clock.instant(), random);
            return of(secrets, serving, authenticator, clock, random);
        } catch (CaMaterialException | IssuanceException e) {
            checks.problem("--root-namespace", String.valueOf(e.getMessage()), "correct the Secret, or remove cacerts");
            return null;
        }
    }

    private static Trust of(
            CaSource source, Serving serving, Authenticator authenticator, InstantSource clock, SecureRandom random)
            throws CaMaterialException, IssuanceException {
        ReloadableCa ca = ReloadableCa.open(source, clock.instant());
        CertificateAuthority authority = new CertificateAuthority(ca, serving.lifetimes(), random);
        ServingCertificate certificate =
                ServingCertificate.issue(authority, serving.names(), RenewalSchedule.HALF_LIFE, clock, random);
        return new Trust(ca, authority, certificate, authenticator);
    }

    private record Serving(ServingNames names, CertificateLifetimes lifetimes) {}

    private static @Nullable Serving serving(ControlOptions options, StartChecks checks) {
        ServingNames names = names(options, checks);
        CertificateLifetimes lifetimes = lifetimes(options.leafTtl(), checks);
        return names == null || lifetimes == null ? null : new Serving(names, lifetimes);
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            // Missing, or unreadable, of which opening it tells the reason.
            return Files.notExists(folder);
        }
    }

    private static @Nullable CertificateLifetimes lifetimes(Duration leafTtl, StartChecks checks) {
        try {
            return new CertificateLifetimes(leafTtl, CertificateLifetimes.ISTIO.longest());
        } catch (IllegalArgumentException e) {
            checks.problem("--leaf-ttl", String.valueOf(e.getMessage()), "write a time up to 2160h");
            return null;
        }
    }

    private static @Nullable ServingNames names(ControlOptions options, StartChecks checks) {
        List<String> dns = new ArrayList<>(STANDARD_NAMES);
        String own = "tanja-control." + options.mesh().rootNamespace() + ".svc";
        if (!dns.contains(own)) {
            dns.add(own);
        }
        List<InetAddress> addresses = new ArrayList<>();
        addresses.add(InetAddress.ofLiteral("127.0.0.1"));
        addresses.add(InetAddress.ofLiteral("::1"));
        InetAddress listens = options.listen().getAddress();
        if (!listens.isAnyLocalAddress() && !addresses.contains(listens)) {
            addresses.add(listens);
        }
        for (String name : options.servingNames()) {
            try {
                addresses.add(InetAddress.ofLiteral(name));
            } catch (IllegalArgumentException e) {
                dns.add(name);
            }
        }
        try {
            return new ServingNames(dns, addresses);
        } catch (IllegalArgumentException e) {
            checks.problem(
                    "--serving-name",
                    Quote.printable(String.valueOf(e.getMessage())),
                    "write a lower-case host name or an IP");
            return null;
        }
    }

    /** The roots in force, as pods mount them. */
    String roots() {
        return Certificates.pem(ca.get().roots());
    }

    /** The authority for the status. */
    AuthorityStatus status() {
        SigningMaterial material = ca.get();
        return new AuthorityStatus(
                material.certificate().getSubjectX500Principal().getName(),
                material.certificate().getNotAfter().toInstant(),
                material.roots().stream().map(Trust::fingerprint).toList(),
                serving.current().chain().notAfter());
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(Certificates.sha256(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed can be encoded", e);
        }
    }
}
