package io.anycastle.core.store.journal;

import io.anycastle.core.store.change.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** The node's folder on disk, held exclusively while it is open. */
public final class DataFolder implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String NODE_ID = "node-id";
    private static final int NODE_ID_BYTES = 8;

    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** @throws StoreException with one plain sentence when the folder cannot be used */
    public static DataFolder open(Path path) {
        try {
            Files.createDirectories(path);
            checkReadable(path);
            return locked(path);
        } catch (IOException e) {
            throw new StoreException("The data folder " + path + " cannot be used: " + plain(e) + ".", e);
        }
    }

    private static void checkReadable(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            files.forEach(file -> {}); // listing is what may be forbidden
        }
    }

    private static DataFolder locked(Path path) throws IOException {
        FileChannel file = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return new DataFolder(path, file, lock);
            }
        } catch (OverlappingFileLockException e) {
            // held inside this JVM: the same answer as for a foreign process
        } catch (IOException e) {
            file.close();
            throw e;
        }
        file.close();
        throw new StoreException("The data folder " + path + " is in use by another node; each node needs its own.");
    }

    /** What went wrong with a file, without class names. */
    public static String plain(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileAlreadyExistsException exists -> exists.getFile() + " is not a folder";
            case NoSuchFileException missing -> missing.getFile() + " does not exist and cannot be made";
            case FileSystemException other when other.getReason() != null -> other.getFile() + ": " + other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    Path file(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    /** The id this node was given, else the one it made at its first start. */
    public String nodeId(Optional<String> given) throws IOException {
        if (given.isPresent()) {
            return given.get();
        }
        Path file = file(NODE_ID);
        if (Files.exists(file)) {
            String id = Files.readString(file).strip();
            if (id.matches("[A-Za-z0-9_-]{1,64}")) {
                return id;
            }
        }
        byte[] random = new byte[NODE_ID_BYTES];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Path fresh = file(NODE_ID + ".tmp");
        Files.writeString(fresh, id + "\n");
        sync(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        sync();
        return id;
    }

    /** Makes the folder's entries (files made, renamed, deleted) durable. */
    void sync() throws IOException {
        sync(path);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new StoreException("The data folder " + path + " cannot be released: " + plain(e) + ".", e);
        }
    }
}
