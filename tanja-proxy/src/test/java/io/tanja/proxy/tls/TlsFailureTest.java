package io.tanja.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.security.Refusal;
import java.io.IOException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsFailureTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE; PEER_REFUSED_US; bad_certificate
                    error:10000418:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA; PEER_REFUSED_US; unknown_ca
                    error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED; PEER_REFUSED_US; certificate_required
                    error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE; HANDSHAKE_FAILED; handshake_failure
                    error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER; PEER_NOT_TLS; does not speak TLS
                    error:1000009c:SSL routines:OPENSSL_internal:HTTP_REQUEST; PEER_NOT_TLS; does not speak TLS
                    error:100000c7:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE; PEER_NO_CERTIFICATE; no certificate
                    (bad_certificate) Received fatal alert: bad_certificate; PEER_REFUSED_US; bad_certificate
                    Unsupported or unrecognized SSL message; PEER_NOT_TLS; does not speak TLS
                    Empty client certificate chain; PEER_NO_CERTIFICATE; no certificate
                    something else; HANDSHAKE_FAILED; something else
                    """)
    void namesWhatTheProvidersSay(String message, Refusal refusal, String detail) {
        TlsFailure failure = TlsFailure.of(new SSLHandshakeException(message));
        assertThat(failure).isNotNull();
        assertThat(failure.refusal()).isEqualTo(refusal);
        assertThat(failure.detail()).contains(detail);
    }

    @Test
    void textFromPeersIsEscaped() {
        TlsFailure failure = TlsFailure.of(new SSLException("line\nbreak"));
        assertThat(failure).isNotNull();
        assertThat(failure.detail()).doesNotContain("\n");
    }

    @Test
    void otherFailuresAreNotTls() {
        assertThat(TlsFailure.of(new IOException("Connection reset"))).isNull();
        assertThat(TlsFailure.of(null)).isNull();
    }
}
