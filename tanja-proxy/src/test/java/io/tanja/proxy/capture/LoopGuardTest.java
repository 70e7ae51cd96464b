package io.tanja.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopGuardTest {
    @ParameterizedTest
    @CsvSource({
        // original destination, accepted at, loops
        "10.0.0.5, 8080, 10.0.0.5, 15006, false",
        "10.0.0.5, 15006, 10.0.0.5, 15006, true",
        "10.0.0.5, 15001, 10.0.0.5, 15006, true",
        "10.0.0.9, 15006, 127.0.0.1, 15001, false",
        "127.0.0.1, 15001, 127.0.0.1, 15001, true",
        "::1, 15006, fd00::5, 15006, true",
    })
    void theProxyNeverCallsItself(String to, int port, String at, int atPort, boolean loops) {
        assertThat(new LoopGuard(15006, 15001).loops(address(to, port), address(at, atPort)))
                .isEqualTo(loops);
    }

    @Test
    void readsWhatTheKernelTells() {
        ByteBuffer v4 = ByteBuffer.wrap(HexFormat.of().parseHex("02001f900a0000050000000000000000"));
        assertThat(NetfilterDestination.address(v4, 4, 4)).isEqualTo(address("10.0.0.5", 8080));
        ByteBuffer v6 =
                ByteBuffer.wrap(HexFormat.of().parseHex("0a00005000000000fd00000000000000000000000000000500000000"));
        assertThat(NetfilterDestination.address(v6, 8, 16)).isEqualTo(address("fd00::5", 80));
    }

    private static InetSocketAddress address(String text, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(text), port);
    }
}
