package io.tanja.xds.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcStatusTest {
    @ParameterizedTest
    @CsvSource({"0, OK", "3, INVALID_ARGUMENT", "14, UNAVAILABLE", "16, UNAUTHENTICATED", "17, UNKNOWN", "-1, UNKNOWN"})
    void numbers(String number, GrpcStatus.Code code) {
        assertThat(GrpcStatus.fromTrailers(number, "").code()).isEqualTo(code);
    }

    @Test
    void anUnreadableNumberIsUnknown() {
        assertThat(GrpcStatus.fromTrailers("4x", "")).satisfies(status -> {
            assertThat(status.code()).isEqualTo(GrpcStatus.Code.UNKNOWN);
            assertThat(status.message()).contains("4x");
        });
    }

    @ParameterizedTest
    @CsvSource({"a%20b, a b", "%E2%82%AC, €", "100%, 100%", "%zz, %zz", "%4, %4"})
    void percentText(String encoded, String text) {
        assertThat(PercentText.decode(encoded)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"401, UNAUTHENTICATED", "404, UNIMPLEMENTED", "503, UNAVAILABLE", "418, UNKNOWN"})
    void http(String http, GrpcStatus.Code code) {
        assertThat(GrpcStatus.fromHttp(http).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"7, UNAVAILABLE", "8, CANCELLED", "11, RESOURCE_EXHAUSTED", "12, PERMISSION_DENIED", "2, INTERNAL"})
    void resets(long error, GrpcStatus.Code code) {
        assertThat(GrpcStatus.fromReset(error).code()).isEqualTo(code);
    }

    @Test
    void tokensAreTrimmed() {
        assertThat(BearerToken.header(" abc.def\n")).isEqualTo("Bearer abc.def");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "a b", "a\r\nb", "a\u0000b", "é"})
    void tokensThatAHeaderCannotCarryAreRefusedUnquoted(String token) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BearerToken.header(token))
                .withMessageStartingWith("the token ");
    }
}
