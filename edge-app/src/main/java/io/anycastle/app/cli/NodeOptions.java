package io.anycastle.app.cli;

import io.anycastle.app.api.AdminToken;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node a command talks to, and with which token. */
final class NodeOptions {
    static final String SERVER_DEFAULT = "http://127.0.0.1:8053";
    static final String DATA_DEFAULT = "anycastle-data";

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The node's admin address (environment: ANYCASTLE_SERVER; default: " + SERVER_DEFAULT + ").")
    @Nullable
    String server;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The admin token (environment: ANYCASTLE_TOKEN; default: the file " + AdminToken.TOKEN_FILE
                    + " in the data folder).")
    @Nullable
    String token;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "The node's data folder, to find the token (environment: ANYCASTLE_DATA; default: "
                    + DATA_DEFAULT + ").")
    @Nullable
    Path data;

    /** Opens a connection for one command; what the node refuses ends it. */
    void run(Environment environment, Consumer<NodeClient> command) {
        try (NodeClient client = connect(environment)) {
            command.accept(client);
        } catch (RefusedCallException refusal) {
            throw CommandException.of(refusal.lines());
        }
    }

    private NodeClient connect(Environment environment) {
        String url = server != null ? server : environment.variable("ANYCASTLE_SERVER", SERVER_DEFAULT);
        return new NodeClient(url, token(environment));
    }

    private String token(Environment environment) {
        if (token != null) {
            return token;
        }
        String fromVariable = environment.variable("ANYCASTLE_TOKEN", "");
        if (!fromVariable.isEmpty()) {
            return fromVariable;
        }
        Path folder = environment
                .folder()
                .resolve(data != null ? data : Path.of(environment.variable("ANYCASTLE_DATA", DATA_DEFAULT)));
        Optional<String> found = AdminToken.readFrom(folder);
        return found.orElseThrow(
                () -> CommandException.of("no admin token: give --token, set ANYCASTLE_TOKEN, or name with --data the"
                        + " folder in which the node keeps " + AdminToken.TOKEN_FILE + " (looked in " + folder + ")"));
    }
}
