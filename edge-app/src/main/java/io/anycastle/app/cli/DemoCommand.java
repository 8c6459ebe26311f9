package io.anycastle.app.cli;

import io.anycastle.app.demo.Demo;
import io.anycastle.app.demo.DemoPorts;
import io.anycastle.app.lifecycle.StartException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code edge demo}. */
@Command(
        name = "demo",
        description =
                "Starts a node on loopback with a small site on it, and shows commands to try. Nothing stays behind.")
final class DemoCommand extends ShellCommand {
    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description =
                    "DNS, HTTP and admin API on this port and the next two; default: 5300, 8080 and 8053, or the next"
                            + " free ones.")
    @Nullable
    Integer portBase;

    DemoCommand(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() throws Exception {
        if (portBase != null && (portBase < 1 || portBase > 65_533)) {
            throw CommandException.usage("--port-base: expected 1 to 65533, found " + portBase);
        }
        Demo demo = new Demo(portBase == null ? DemoPorts.usual() : DemoPorts.from(portBase));
        UntilStopped stopped = new UntilStopped(demo); // before anything is made that Ctrl-C could leave behind
        stopped.run(() -> {
            start(demo);
            print(demo.welcome());
            environment().out().flush();
        });
        stopped.await();
        return 0;
    }

    private static void start(Demo demo) {
        try {
            demo.start();
        } catch (StartException e) {
            throw CommandException.of(e.problems());
        } catch (UncheckedIOException e) {
            throw CommandException.of(e.getMessage() + ": " + e.getCause());
        }
    }
}
