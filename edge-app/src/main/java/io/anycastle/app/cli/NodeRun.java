package io.anycastle.app.cli;

import io.anycastle.app.config.ConfigException;
import io.anycastle.app.config.ConfigReader;
import io.anycastle.app.config.EdgeConfig;
import io.anycastle.app.config.Keys;
import io.anycastle.app.lifecycle.EdgeNode;
import io.anycastle.app.lifecycle.StartException;
import io.anycastle.app.log.LogLines;
import io.anycastle.core.failure.OperatorException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code edge run} was asked for.
 *
 * @param config the configuration file; without it, the defaults
 * @param join the token of a cluster to join first
 */
record NodeRun(@Nullable Path config, @Nullable String join) {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);

    /**
     * Understands the plain spelling, {@code run} and long options with their values; empty for anything else. It stands beside the
     * command line's parser because that one's classes have a format which the JVM's start-up cache cannot hold: reading them takes a
     * fifth of a node's start.
     */
    static Optional<NodeRun> of(String... arguments) {
        if (arguments.length % 2 == 0 || !arguments[0].equals("run")) {
            return Optional.empty();
        }
        NodeRun run = new NodeRun(null, null);
        for (int i = 1; i < arguments.length; i += 2) {
            String value = arguments[i + 1];
            if (value.isEmpty() || value.startsWith("-")) {
                return Optional.empty();
            }
            if (arguments[i].equals("--config") && run.config == null) {
                run = new NodeRun(Path.of(value), run.join);
            } else if (arguments[i].equals("--join") && run.join == null) {
                run = new NodeRun(run.config, value);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(run);
    }

    /** Runs the node until the program is told to stop. */
    void untilStopped(Environment environment) {
        EdgeNode node = open(environment);
        UntilStopped stopped = new UntilStopped(node);
        HangUp.onSignal(() -> reload(node));
        node.tell(); // only now: who reads that it is ready may stop it, and it ends as it should
        stopped.await();
    }

    /** What is wrong stands in the log. */
    private static void reload(EdgeNode node) {
        try {
            node.reload();
        } catch (OperatorException e) {
            LOG.debug("not reloaded", e);
        }
    }

    /** @throws CommandException when the configuration cannot be read or the node not started */
    EdgeNode start(Environment environment) {
        EdgeNode node = open(environment);
        node.tell();
        return node;
    }

    private EdgeNode open(Environment environment) {
        EdgeConfig read = read(environment, config);
        LogLines.level(read.value(Keys.LOG_LEVEL).name());
        try {
            EdgeNode node = EdgeNode.open(read, Optional.ofNullable(join));
            node.reloadsFrom(() -> file(environment, config));
            return node;
        } catch (StartException e) {
            throw CommandException.of(e.problems());
        }
    }

    private static EdgeConfig file(Environment environment, @Nullable Path file) {
        return file == null
                ? EdgeConfig.DEFAULTS
                : ConfigReader.read(environment.folder().resolve(file));
    }

    /** @throws CommandException with a line per problem */
    static EdgeConfig read(Environment environment, @Nullable Path file) {
        try {
            return file(environment, file);
        } catch (ConfigException e) {
            throw new CommandException(CommandException.USAGE, e.problems());
        }
    }
}
