package io.anycastle.app.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The key under which the cluster's secrets lie at rest (AES-256-GCM, a fresh nonce each time). Immutable; hides itself. */
public final class ClusterKey {
    /** Where it lies in the data folder; back it up apart from the data. */
    public static final String FILE = "cluster.key";

    private static final int KEY_OCTETS = 32;
    private static final int NONCE_OCTETS = 12;
    private static final int TAG_BITS = 128;
    private static final byte FORMAT = 1;

    private final byte[] key;

    private ClusterKey(byte[] key) {
        this.key = key;
    }

    static ClusterKey fresh() {
        byte[] key = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(key);
        return new ClusterKey(key);
    }

    /**
     * The key that lies in a data folder; empty without one.
     *
     * @throws IOException with one plain sentence when there is a file and no key in it
     */
    static Optional<ClusterKey> in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Optional<ClusterKey> key = parse(Files.readString(file));
        if (key.isEmpty()) {
            throw new IOException(file + " holds no cluster key; restore it from a backup");
        }
        return key;
    }

    /** Reads what {@link #text} wrote; empty when it is something else. */
    static Optional<ClusterKey> parse(String text) {
        String hex = text.strip();
        return hex.matches("[0-9a-f]{" + 2 * KEY_OCTETS + "}")
                ? Optional.of(new ClusterKey(HexFormat.of().parseHex(hex)))
                : Optional.empty();
    }

    /** The key itself, for its own file and for the answer to a node that joins. */
    String text() {
        return HexFormat.of().formatHex(key);
    }

    /** Another secret of 32 octets, from which the key cannot be found. */
    byte[] derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param place what the secret belongs to; it opens nowhere else */
    String seal(byte[] secret, String place) {
        byte[] nonce = new byte[NONCE_OCTETS];
        new SecureRandom().nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, secret, place)
                .orElseThrow(() -> new IllegalStateException("AES-GCM does not encrypt"));
        byte[] all = new byte[1 + NONCE_OCTETS + sealed.length];
        all[0] = FORMAT;
        System.arraycopy(nonce, 0, all, 1, NONCE_OCTETS);
        System.arraycopy(sealed, 0, all, 1 + NONCE_OCTETS, sealed.length);
        return Base64.getEncoder().encodeToString(all);
    }

    /** Empty when the text was sealed with another key, for another place, or is damaged. */
    Optional<byte[]> open(String sealed, String place) {
        byte[] all;
        try {
            all = Base64.getDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (all.length <= 1 + NONCE_OCTETS || all[0] != FORMAT) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOfRange(all, 1, 1 + NONCE_OCTETS);
        return run(Cipher.DECRYPT_MODE, nonce, Arrays.copyOfRange(all, 1 + NONCE_OCTETS, all.length), place);
    }

    private Optional<byte[]> run(int mode, byte[] nonce, byte[] in, String place) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(in));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "ClusterKey[hidden]";
    }
}
