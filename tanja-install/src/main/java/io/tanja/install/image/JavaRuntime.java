package io.tanja.install.image;

import io.tanja.install.InstallException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** The Java runtime of the image, linked from the JDK that runs this. */
final class JavaRuntime {
    /** Where the image has it. */
    static final String HOME = "/opt/java";

    /** What the programs need beyond {@code java.base}; the image's test starts each of them. */
    static final List<String> MODULES = List.of(
            "java.base",
            // Netty, gRPC and the Kubernetes client log through it when nothing else is there.
            "java.logging",
            // Logback and Netty look at the machine through it.
            "java.management",
            // The Kubernetes client.
            "java.net.http",
            // Logback's configuration.
            "java.xml",
            // Logback and the TLS of the JDK ask for names in it.
            "java.naming",
            // The probes of the control plane.
            "jdk.httpserver",
            // Netty's buffers and Protobuf reach memory through it.
            "jdk.unsupported");

    /** What the proxy does not load, or has in its AOT cache: 13 MB less to store. */
    private static final String COMPRESSED =
            "/java.xml/**,/java.net.http/**,/java.naming/**,/java.management/**,/java.security.sasl/**,/jdk.httpserver/**,/java.base/sun/**,/java.base/com/**";

    private JavaRuntime() {}

    /**
     * Links it. What every program loads stays uncompressed: reading it costs no time, and its pages are mapped and shared
     * by all sidecars of a node.
     *
     * @param into does not exist yet
     */
    static void link(Path into) throws InstallException {
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new InstallException(
                        System.getProperty("java.home", "java"), "has no jlink", "run with a JDK 25"));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int status = jlink.run(
                out,
                out,
                "--add-modules",
                String.join(",", MODULES),
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--compress=zip-6:filter=" + COMPRESSED,
                "--vm=server",
                "--output",
                into.toString());
        if (status != 0) {
            throw new InstallException("jlink", said.toString().strip(), "run with a complete JDK 25");
        }
    }
}
