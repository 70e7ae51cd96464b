package io.tanja.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What can be said without a lab: help, misuse, and that there is no lab. */
final class LabCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyCommandHasHelpWithAnExample() {
        CommandLine lab = line();

        assertThat(lab.getSubcommands()).isNotEmpty().allSatisfy((name, _) -> {
            StringWriter help = new StringWriter();
            assertThat(line().setOut(new PrintWriter(help)).execute(name, "--help"))
                    .isZero();
            assertThat(help.toString()).contains("Example:").contains("tanja lab " + name);
        });
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("tanja lab up");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    apply                                            | 2 | --filename
                    apply -f /nonexistent.yaml --name no-such-lab     | 1 | no lab "no-such-lab"
                    get pods --name no-such-lab                       | 1 | tanja lab up --name no-such-lab
                    get pods --name NOT_A_NAME                        | 2 | lower-case
                    get                                               | 2 | KIND
                    wait --for=delete                                 | 2 | ready
                    exec deploy/client                                | 2 | COMMAND
                    restart everything                                | 2 | control-plane
                    label namespace shop broken                       | 2 | key=value
                    up --leaf-ttl soon                                | 2 | --leaf-ttl
                    down --name no-such-lab                           | 1 | no lab
                    """)
    void misuseIsExplainedAndNeverSucceeds(String arguments, int status, String message) {
        assertThat(run(arguments.split(" "))).isEqualTo(status);
        assertThat(err.toString()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io/library/nginx:1.26-alpine, nginx",
        "localhost:5000/My_App@sha256:1, my-app",
        "-, app",
    })
    void aContainerIsNamedAfterItsImage(String image, String name) {
        assertThat(ImageName.container(image)).isEqualTo(name);
    }

    private int run(String... arguments) {
        return line().execute(arguments);
    }

    private CommandLine line() {
        return new CommandLine(new LabCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }
}
