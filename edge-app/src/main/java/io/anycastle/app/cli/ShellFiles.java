package io.anycastle.app.cli;

import io.anycastle.app.config.ConfigText;
import io.anycastle.app.config.EdgeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;

/** What a shell is given beside the program, made by the build: the man pages and the completion for bash, laid out as in /usr/share. */
public final class ShellFiles {
    private ShellFiles() {}

    /** @param arguments the folder to write to, and the version that the pages name */
    public static void main(String[] arguments) throws IOException {
        writeTo(Path.of(arguments[0]), arguments[1]);
    }

    static void writeTo(Path folder, String version) throws IOException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine edge = EdgeCommand.commandLine(new Environment(Map.of(), Path.of(""), nowhere, nowhere));
        Path completions = Files.createDirectories(folder.resolve("bash-completion/completions"));
        Files.writeString(completions.resolve("edge"), AutoComplete.bash("edge", edge));
        writePages(edge, version, Files.createDirectories(folder.resolve("man/man1")));
        Files.writeString(
                Files.createDirectories(folder.resolve("man/man5")).resolve("edge.yml.5"),
                ManPage.ofFile(
                        "edge.yml",
                        version,
                        "every setting of a node, with its default",
                        ConfigText.of(EdgeConfig.DEFAULTS)));
    }

    private static void writePages(CommandLine command, String version, Path folder) throws IOException {
        Files.writeString(folder.resolve(ManPage.name(command.getCommandSpec()) + ".1"), ManPage.of(command, version));
        for (CommandLine below : command.getSubcommands().values()) {
            writePages(below, version, folder);
        }
    }
}
