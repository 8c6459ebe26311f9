package io.anycastle.core.activation;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Zone;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The TXT record by which the owner of a partial zone shows that its DNS is theirs.
 *
 * @param names where it may stand, the first being the one that is shown; none where every label makes the zone's name too long
 * @param value two numbers with '-' between them. It follows from the zone's id, which is random: all nodes know it without storing it,
 *     and a zone that is added again gets another
 */
public record Verification(List<DomainName> names, String value) {
    public Verification {
        names = List.copyOf(names);
    }

    /** @param labels under which the record may stand, in the order to be looked for */
    public static Verification of(Zone zone, List<String> labels) {
        List<DomainName> names = new ArrayList<>(labels.size());
        for (String label : labels) {
            try {
                names.add(DomainName.of(label + "." + zone.name()));
            } catch (InvalidNameException e) {
                // a zone whose name leaves no room for the label is asked about under a shorter one
            }
        }
        return new Verification(names, value(zone.id()));
    }

    private static String value(String id) {
        ByteBuffer digest = ByteBuffer.wrap(sha256("verification of zone " + id));
        return number(digest.getInt()) + "-" + number(digest.getInt());
    }

    /** Nine or ten digits. */
    private static long number(int bits) {
        return 100_000_000L + Integer.toUnsignedLong(bits);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
