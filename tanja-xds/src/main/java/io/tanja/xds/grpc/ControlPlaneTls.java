package io.tanja.xds.grpc;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import javax.net.ssl.SSLException;

/** TLS towards the control plane: TLS 1.3, HTTP/2, the server's DNS name is checked, no client certificate. */
public final class ControlPlaneTls {
    private ControlPlaneTls() {}

    /** The provider to use: BoringSSL where its library loads, else the JDK's. */
    public static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    /**
     * Makes a client context.
     *
     * @param rootPem the trusted roots, PEM
     * @throws SSLException if there is no readable certificate in {@code rootPem}
     */
    public static SslContext client(byte[] rootPem, SslProvider provider) throws SSLException {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(provider)
                    .trustManager(new ByteArrayInputStream(rootPem))
                    .protocols("TLSv1.3")
                    .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new SSLException("the control plane's root certificates are not readable PEM: " + e.getMessage(), e);
        }
    }
}
