package io.anycastle.app.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * Commands by name. Only the one that the arguments ask for is made, because picocli takes longer to read all of them than a node
 * takes to start; without a known one all are made, to be shown.
 */
final class Menu {
    private final Map<String, Function<String[], CommandLine>> commands = new LinkedHashMap<>();

    Menu command(String name, Supplier<Object> command) {
        commands.put(name, arguments -> new CommandLine(command.get()));
        return this;
    }

    /** A group of commands under one name. */
    Menu group(String name, String description, Menu menu) {
        commands.put(name, arguments -> {
            CommandLine group = Group.of(name, description);
            menu.addTo(group, arguments);
            return group;
        });
        return this;
    }

    /** @param arguments what stands behind the parent's own name */
    void addTo(CommandLine parent, String... arguments) {
        String asked = arguments.length == 0 ? "" : arguments[0];
        String[] behind = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        commands.forEach((name, command) -> {
            if (name.equals(asked) || !commands.containsKey(asked)) {
                parent.addSubcommand(name, command.apply(behind));
            }
        });
    }
}
