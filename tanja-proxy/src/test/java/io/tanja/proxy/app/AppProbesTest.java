package io.tanja.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppProbesTest {
    private static final int OWN_PORT = 15020;

    private static Map<String, AppProbe> read(String json) throws SettingsException {
        return AppProbes.read(json.replace('\'', '"'), OWN_PORT);
    }

    @Test
    void readsWhatInjectionWrites() throws SettingsException {
        assertThat(read("""
                {'/app-health/web/livez':{'httpGet':{'path':'/healthz','port':8080,'scheme':'HTTPS',
                  'httpHeaders':[{'name':'X-Probe','value':'yes'},{'name':'Host','value':'web.test'}]},'timeoutSeconds':3},
                 '/app-health/web/readyz':{'tcpSocket':{'port':8081},'timeoutSeconds':1,'periodSeconds':5},
                 '/app-health/db-1/startupz':{'grpc':{'port':9000,'service':'db.Store'}},
                 '/app-health/db-1/livez':{'grpc':{'port':9000,'service':null},'httpGet':null},
                 '/app-lifecycle/web/prestopz':{'httpGet':{'port':80,'host':'10.9.9.9'},'timeoutSeconds':0}}
                """))
                .containsOnly(
                        Map.entry(
                                "/app-health/web/livez",
                                new AppProbe.HttpGet(
                                        8080,
                                        "/healthz",
                                        true,
                                        List.of(
                                                new AppProbe.Field("X-Probe", "yes"),
                                                new AppProbe.Field("Host", "web.test")),
                                        Duration.ofSeconds(3))),
                        Map.entry("/app-health/web/readyz", new AppProbe.TcpSocket(8081, Duration.ofSeconds(1))),
                        Map.entry(
                                "/app-health/db-1/startupz",
                                new AppProbe.Grpc(9000, "db.Store", Duration.ofSeconds(1))),
                        Map.entry("/app-health/db-1/livez", new AppProbe.Grpc(9000, "", Duration.ofSeconds(1))),
                        Map.entry(
                                "/app-lifecycle/web/prestopz",
                                new AppProbe.HttpGet(80, "/", false, List.of(), Duration.ofHours(1))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{|is not JSON: expected a name in quotes at the end",
                "[]|expected an object, found an array",
                "{'/healthz':{'tcpSocket':{'port':1}}}|\"/healthz\": expected /app-health/CONTAINER/livez, readyz or startupz, or"
                        + " /app-lifecycle/CONTAINER/prestopz or poststartz",
                "{'/app-health/a/b/livez':{'tcpSocket':{'port':1}}}|\"/app-health/a/b/livez\": expected /app-health/CONTAINER/livez,"
                        + " readyz or startupz, or /app-lifecycle/CONTAINER/prestopz or poststartz",
                "{'/app-health/a/livez':[]}|\"/app-health/a/livez\": expected an object, found an array",
                "{'/app-health/a/livez':{}}|\"/app-health/a/livez\": expected exactly one of httpGet, tcpSocket and grpc",
                "{'/app-health/a/livez':{'tcpSocket':{'port':1},'grpc':{'port':1}}}|\"/app-health/a/livez\": expected exactly one of"
                        + " httpGet, tcpSocket and grpc",
                "{'/app-health/a/livez':{'tcpSocket':{}}}|\"/app-health/a/livez\" tcpSocket port: is missing",
                "{'/app-health/a/livez':{'tcpSocket':{'port':'http'}}}|\"/app-health/a/livez\" tcpSocket port: \"http\" is a name; a"
                        + " probe needs the number",
                "{'/app-health/a/livez':{'tcpSocket':{'port':0}}}|\"/app-health/a/livez\" tcpSocket port: 0 is not a port (1 to 65535)",
                "{'/app-health/a/livez':{'tcpSocket':{'port':8e3}}}|\"/app-health/a/livez\" tcpSocket port: 8e3 is not a port (1 to"
                        + " 65535)",
                "{'/app-health/a/livez':{'tcpSocket':{'port':15020}}}|\"/app-health/a/livez\": port 15020 is the one that serves the"
                        + " probes, so it would ask itself",
                "{'/app-health/a/livez':{'tcpSocket':{'port':1},'timeoutSeconds':-1}}|\"/app-health/a/livez\" timeoutSeconds: -1 is not"
                        + " a whole number of seconds",
                "{'/app-health/a/livez':{'httpGet':{'port':1,'scheme':'ftp'}}}|\"/app-health/a/livez\" httpGet scheme: \"ftp\" is"
                        + " neither HTTP nor HTTPS",
                "{'/app-health/a/livez':{'httpGet':{'port':1,'path':7}}}|\"/app-health/a/livez\" httpGet path: expected a string, found"
                        + " a number",
                "{'/app-health/a/livez':{'httpGet':{'port':1,'httpHeaders':[{'name':'a b'}]}}}|\"/app-health/a/livez\" httpGet"
                        + " httpHeaders[0] name: \"a b\" is not the name of a header field",
                "{'/app-health/a/livez':{'httpGet':{'port':1,'httpHeaders':[{'name':'a','value':'b\\r\\nc: d'}]}}}"
                        + "|\"/app-health/a/livez\" httpGet httpHeaders[0] value: \"b\\u000d\\u000ac: d\" has a control character",
            })
    void namesEntryAndFieldOfWhatIsWrong(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a b?c=d e|/a%20b?c=d%20e",
                "/%20x|/%20x",
                "/\u00e9|/%C3%A9",
                "/a~~Host: b|/a%0D%0AHost:%20b",
                "/a#b|/a",
                "/{x}|/%7Bx%7D"
            })
    void nothingInAPathBreaksTheRequestLine(String path, String target) {
        assertThat(AppProbes.encode(path.replace("~~", "\r\n"))).isEqualTo(target);
    }

    @Test
    void readsTheAnnotationsOfPrometheus() throws SettingsException {
        assertThat(AppScrape.read("{\"scrape\":\"true\",\"path\":\"stats\",\"port\":\"8080\"}", OWN_PORT))
                .isEqualTo(new AppScrape(8080, "/stats"));
        assertThat(AppScrape.read("{\"port\":9090}", OWN_PORT)).isEqualTo(new AppScrape(9090, "/metrics"));
        assertThat(AppScrape.read("{}", OWN_PORT)).isEqualTo(new AppScrape(80, "/metrics"));
        assertThat(AppScrape.read("{\"scrape\":\"false\",\"port\":\"x\"}", OWN_PORT))
                .isNull();
        assertThatThrownBy(() -> AppScrape.read("{\"port\":\"x\"}", OWN_PORT))
                .hasMessage("port: x is not a port (1 to 65535)");
        assertThatThrownBy(() -> AppScrape.read("{\"port\":\"15020\"}", OWN_PORT))
                .hasMessage("port: 15020 is the one that serves the merged metrics, so it would ask itself");
        assertThatThrownBy(() -> AppScrape.read("{\"scrape\":true}", OWN_PORT))
                .hasMessage("scrape: expected a string, found a boolean");
    }
}
