package io.tanja.model.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "/foo/{*}, /foo/bar, true",
        "/foo/{*}, /foo/bar/baz, false",
        "/foo/{*}, /foo/, false",
        "/foo/{*}, /foo, false",
        "/foo/{*}/, /foo/bar/, true",
        "/foo/{*}/baz, /foo/bar/baz, true",
        "/{*}/b/{*}, /a/b/c, true",
        "/{*}/b/{*}, /a/x/c, false",
        "/foo/{**}, /foo/, true",
        "/foo/{**}, /foo/a/b/c, true",
        "/foo/{**}, /foo, false",
        "/foo/{**}, /fooo/a, false",
        "/foo/{**}/, /foo/bar/, true",
        "/foo/{**}/, /foo//, true",
        "/foo/{**}/, /foo/, false",
        "/foo/{**}/, /foo/bar, false",
        "/foo/{**}/bar, /foo/x/y/bar, true",
        "/foo/{*}/{**}, /foo/a/b/c, true",
        "/foo/{*}/{**}, /foo/a, false",
        "/{**}, /, true",
    })
    void matches(String template, String path, boolean expected) {
        assertThat(PathTemplate.parse(template).matches(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{*}",
                "/*/baz/{*}",
                "/**/baz/{*}",
                "/{**}/foo/{*}",
                "/foo/{*}.txt",
                "/foo/{**}{*}",
                "/{**}/{**}",
                "/{x}/{*}",
                "/{*}/}"
            })
    void refusesWhatIstioRefuses(String template) {
        assertThat(PathTemplate.isTemplate(template)).isTrue();
        assertThatThrownBy(() -> PathTemplate.parse(template)).isInstanceOf(IllegalArgumentException.class);
    }
}
