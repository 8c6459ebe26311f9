package io.anycastle.core.store.journal;

import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.UnknownFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes the parts of one {@link JournalEntry} in bytes; {@link EntryInput} reads them back.
 *
 * <p>Numbers take seven bits an octet, lowest first (LEB128); numbers that may be negative are folded first, so that small ones stay
 * short. Texts that come again, like node ids, are written once and then referred to by their number.
 */
public final class EntryOutput {
    private byte[] bytes = new byte[512];
    private int length;
    private final Map<String, Integer> texts = new HashMap<>();
    private long lastMillis;
    private long lastMicros;

    public void octet(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    void number(long value) {
        room(10);
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
    }

    void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    void fixed(long value) {
        room(8);
        ByteBuffer.wrap(bytes).putLong(length, value);
        length += 8;
    }

    void octets(byte[] value) {
        number(value.length);
        raw(value);
    }

    /** Octets whose reader knows where they end. */
    void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    /** The last characters of an ASCII text are left out when the reader knows them. */
    @SuppressWarnings("deprecation") // takes the low octet of each character, which is all that ASCII has
    void ascii(String text, int chars) {
        room(chars);
        text.getBytes(0, chars, bytes, length);
        length += chars;
    }

    public void text(String text) {
        octets(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text that may come again in this entry. */
    void sharedText(String text) {
        Integer known = texts.putIfAbsent(text, texts.size() + 1);
        number(known == null ? 0 : known);
        if (known == null) {
            text(text);
        }
    }

    void stamp(Stamp stamp) {
        signed(stamp.millis() - lastMillis);
        lastMillis = stamp.millis();
        signed(stamp.counter());
        sharedText(stamp.nodeId());
    }

    void stamps(Collection<Stamp> stamps) {
        number(stamps.size());
        stamps.forEach(this::stamp);
    }

    /** A time after or before the last one. */
    void micros(long micros) {
        signed(micros - lastMicros);
        lastMicros = micros;
    }

    public void instant(Instant instant) {
        signed(instant.getEpochSecond());
        number(instant.getNano());
    }

    void unknown(UnknownFields unknown) {
        number(unknown.json().size());
        unknown.json().forEach((name, json) -> {
            sharedText(name);
            text(json);
        });
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
