package io.anycastle.app;

import io.anycastle.app.cli.EdgeCommand;
import io.anycastle.app.cli.Environment;
import io.anycastle.core.tls.TlsWarmUp;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the program begins. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        TlsWarmUp.refuseRenegotiation(); // before anything speaks TLS
        Environment environment = new Environment(
                System.getenv(),
                Path.of(""),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(EdgeCommand.run(environment, arguments));
    }
}
