package io.anycastle.core.store.journal;

import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.UnknownFields;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what {@link EntryOutput} has written. Every read throws {@link IOException} where the bytes end too early or make no sense. */
public final class EntryInput {
    private final byte[] bytes;
    private int at;
    private final List<String> texts = new ArrayList<>();
    private Stamp lastStamp = ZoneImage.NONE.stamp();
    private long lastMicros;

    public EntryInput(byte[] bytes) {
        this.bytes = bytes;
    }

    public int octet() throws IOException {
        need(1);
        return bytes[at++] & 255;
    }

    long number() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = octet();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("an entry holds a number of more than 64 bits");
    }

    /** A number that cannot be larger, so that no damaged or hostile count reserves memory. */
    int number(long max) throws IOException {
        return within(number(), max);
    }

    private static int within(long value, long max) throws IOException {
        if (value < 0 || value > max) {
            throw new IOException(
                    "an entry holds " + Long.toUnsignedString(value) + " where at most " + max + " can be");
        }
        return (int) value;
    }

    /** How many things follow, each of at least one octet. */
    int count() throws IOException {
        long count = number();
        return within(count, left());
    }

    long signed() throws IOException {
        long folded = number();
        return folded >>> 1 ^ -(folded & 1);
    }

    long fixed() throws IOException {
        need(8);
        at += 8;
        return ByteBuffer.wrap(bytes).getLong(at - 8);
    }

    byte[] octets() throws IOException {
        int size = count();
        at += size;
        return Arrays.copyOfRange(bytes, at - size, at);
    }

    /** So many characters of ASCII, and the ending that the writer left out. */
    String ascii(int chars, byte[] ending) throws IOException {
        need(chars);
        byte[] whole = new byte[chars + ending.length];
        System.arraycopy(bytes, at, whole, 0, chars);
        System.arraycopy(ending, 0, whole, chars, ending.length);
        at += chars;
        return new String(whole, StandardCharsets.ISO_8859_1);
    }

    public String text() throws IOException {
        int size = count();
        at += size;
        return new String(bytes, at - size, size, StandardCharsets.UTF_8);
    }

    String sharedText() throws IOException {
        int known = number(texts.size());
        if (known > 0) {
            return texts.get(known - 1);
        }
        String text = text().intern(); // few different ones, and millions of values that hold them
        texts.add(text);
        return text;
    }

    /** Stamps that follow each other and are equal are one object. */
    Stamp stamp() throws IOException {
        long millis = lastStamp.millis() + signed();
        int counter = (int) signed();
        String node = sharedText();
        boolean isSame = lastStamp.millis() == millis
                && lastStamp.counter() == counter
                && lastStamp.nodeId().equals(node);
        if (!isSame) {
            lastStamp = new Stamp(millis, counter, node);
        }
        return lastStamp;
    }

    List<Stamp> stamps() throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        for (int left = count(); left > 0; left--) {
            stamps.add(stamp());
        }
        return stamps;
    }

    long micros() throws IOException {
        lastMicros += signed();
        return lastMicros;
    }

    public Instant instant() throws IOException {
        return Instant.ofEpochSecond(signed(), number(999_999_999));
    }

    UnknownFields unknown() throws IOException {
        Map<String, String> fields = new TreeMap<>();
        for (int left = count(); left > 0; left--) {
            fields.put(sharedText(), text());
        }
        return UnknownFields.of(fields);
    }

    int left() {
        return bytes.length - at;
    }

    private void need(int more) throws IOException {
        if (more < 0 || left() < more) {
            throw new IOException("an entry ends too early");
        }
    }
}
