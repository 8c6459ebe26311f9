package io.anycastle.app.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The node's admin token, made at its first start. The node keeps and checks only a salted hash ({@code admin.token.hash}). The token
 * itself lies beside it in {@code admin.token}, readable by the node's user alone, for the command line on the same machine; whoever
 * has saved it elsewhere may delete that file. Deleting the hash makes the next start issue a new token.
 */
public final class AdminToken {
    /** The file that the local command line reads. */
    public static final String TOKEN_FILE = "admin.token";

    static final String HASH_FILE = "admin.token.hash";

    private static final int TOKEN_OCTETS = 20;
    private static final int SALT_OCTETS = 16;

    private final byte[] salt;
    private final byte[] hash;
    private final boolean isNew;

    private AdminToken(byte[] salt, byte[] hash, boolean isNew) {
        this.salt = salt;
        this.hash = hash;
        this.isNew = isNew;
    }

    /** The folder's token; makes one where there is none. */
    public static AdminToken of(Path folder) throws IOException {
        Path hashFile = folder.resolve(HASH_FILE);
        if (!Files.exists(hashFile)) {
            return issue(folder, hashFile);
        }
        String[] parts = Files.readString(hashFile).strip().split(":");
        try {
            HexFormat hex = HexFormat.of();
            if (parts.length == 3 && parts[0].equals("sha256")) {
                return new AdminToken(hex.parseHex(parts[1]), hex.parseHex(parts[2]), false);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(hashFile + " is damaged; delete it to get a new token", e);
        }
        throw new IOException(hashFile + " is damaged; delete it to get a new token");
    }

    private static AdminToken issue(Path folder, Path hashFile) throws IOException {
        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[TOKEN_OCTETS];
        random.nextBytes(secret);
        // Hex digits are letters of both alphabets that clients demand, of tokens and of legacy keys.
        String token = HexFormat.of().formatHex(secret);
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        byte[] hash = hash(salt, token);
        writePrivate(folder.resolve(TOKEN_FILE), token + "\n");
        writePrivate(
                hashFile,
                "sha256:" + HexFormat.of().formatHex(salt) + ":"
                        + HexFormat.of().formatHex(hash) + "\n");
        return new AdminToken(salt, hash, true);
    }

    private static void writePrivate(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(fresh, text, StandardOpenOption.CREATE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether this start made the token. */
    public boolean isNew() {
        return isNew;
    }

    /** Takes the same time for every wrong token. */
    boolean matches(String token) {
        return MessageDigest.isEqual(hash, hash(salt, token));
    }

    private static byte[] hash(byte[] salt, String token) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(salt);
            return sha256.digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The token that lies in a data folder, when this user may read it. */
    public static Optional<String> readFrom(Path folder) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(TOKEN_FILE));
            return lines.stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "AdminToken[hidden]";
    }
}
