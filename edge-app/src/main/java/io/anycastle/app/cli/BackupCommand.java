package io.anycastle.app.cli;

import io.anycastle.core.store.Restoration;
import io.anycastle.core.store.change.BackupException;
import io.anycastle.core.store.state.BackupContents;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code edge backup}. */
@Command(
        name = "backup",
        description = "Writes the whole store to one file, as it is at this moment, while the node serves.",
        footer = {
            "",
            "Private keys in it are sealed with the cluster's key, which is not in it: back cluster.key up apart."
        })
final class BackupCommand extends NodeCommand {
    @Parameters(paramLabel = "FILE", description = "The file to write; readable by you alone.")
    Path file = Path.of("");

    @Option(names = "--force", description = "Replace the file when it is there.")
    boolean isForced;

    BackupCommand(Environment environment) {
        super(environment);
    }

    @Override
    void run(NodeClient client) {
        Path target = environment().folder().resolve(file).toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw CommandException.of(file + ": is a folder");
        }
        if (!isForced && Files.exists(target)) {
            throw isThere();
        }
        try {
            Path fresh = Files.createTempFile(folder, "." + target.getFileName() + ".", ".tmp");
            try {
                client.download("/edge/backup", fresh);
                BackupContents contents = keep(fresh, target);
                force(folder, StandardOpenOption.READ);
                tell(contents);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (FileAlreadyExistsException e) {
            throw isThere();
        } catch (IOException e) {
            throw CommandException.notWritable(file, e);
        } catch (BackupException e) {
            throw CommandException.of("the backup did not arrive whole, and was thrown away: " + e.getMessage());
        }
    }

    private CommandException isThere() {
        return CommandException.of(file + ": is there already; --force replaces it");
    }

    /** Checks what has arrived, waits until it is on the disk, and gives it its name. */
    private BackupContents keep(Path fresh, Path target) throws BackupException, IOException {
        BackupContents contents = Restoration.contentsOf(fresh);
        force(fresh, StandardOpenOption.WRITE);
        if (isForced) {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.createLink(target, fresh);
        }
        return contents;
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private void tell(BackupContents contents) {
        say(file + ": " + Count.of(contents) + ", " + Count.of(contents.bytes(), "byte") + ", checked.");
    }
}
