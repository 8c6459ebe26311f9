package io.anycastle.proxy.log;

import java.util.Arrays;

/** Whole lines, or the beginning of one, as octets; JSON texts are written straight into it (RFC 8259). Belongs to one thread at a time. */
final class LogChunk {
    private static final int FIRST_BYTES = 32 * 1024;
    private static final int TEXT_BYTES_MAX = 4 * 1024;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private byte[] octets = new byte[FIRST_BYTES];
    private int size;
    private int lines;

    byte[] octets() {
        return octets;
    }

    int size() {
        return size;
    }

    /** Whole lines. */
    int lines() {
        return lines;
    }

    void clear() {
        size = 0;
        lines = 0;
        if (octets.length > 4 * FIRST_BYTES) {
            octets = new byte[FIRST_BYTES];
        }
    }

    boolean isFull() {
        return size > FIRST_BYTES - TEXT_BYTES_MAX;
    }

    void endLine() {
        put((byte) '\n');
        lines++;
    }

    /** What is JSON already. */
    void raw(byte[] json) {
        ensure(json.length);
        System.arraycopy(json, 0, octets, size, json.length);
        size += json.length;
    }

    private void put(byte b) {
        ensure(1);
        octets[size++] = b;
    }

    private void ensure(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }

    void number(long value) {
        if (value < 0) {
            put((byte) '-');
            number(-value);
            return;
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        ensure(digits);
        long rest = value;
        for (int at = size + digits - 1; at >= size; at--) {
            octets[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    /** Thousandths, as a number with three decimals. */
    void thousandths(long value) {
        number(value / 1000);
        long rest = value % 1000;
        put((byte) '.');
        put((byte) ('0' + rest / 100));
        put((byte) ('0' + rest / 10 % 10));
        put((byte) ('0' + rest % 10));
    }

    /** A time to the millisecond as a JSON string. */
    void time(String second, int millis) {
        put((byte) '"');
        for (int i = 0; i < second.length(); i++) {
            put((byte) second.charAt(i));
        }
        put((byte) '.');
        put((byte) ('0' + millis / 100));
        put((byte) ('0' + millis / 10 % 10));
        put((byte) ('0' + millis % 10));
        put((byte) 'Z');
        put((byte) '"');
    }

    /** A text as a JSON string, in which nothing but ASCII stands; cut off when it is very long. */
    void text(CharSequence text) {
        put((byte) '"');
        int length = Math.min(text.length(), TEXT_BYTES_MAX);
        for (int i = 0; i < length; i++) {
            character(text.charAt(i));
        }
        put((byte) '"');
    }

    /** The same of octets, each of which is a character of ISO 8859-1. */
    void text(byte[] from, int at, int to) {
        put((byte) '"');
        int end = Math.min(to, at + TEXT_BYTES_MAX);
        for (int i = at; i < end; i++) {
            character((char) (from[i] & 0xFF));
        }
        put((byte) '"');
    }

    private void character(char c) {
        ensure(6);
        if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
            octets[size++] = (byte) c;
        } else if (c == '"' || c == '\\') {
            octets[size++] = '\\';
            octets[size++] = (byte) c;
        } else {
            octets[size++] = '\\';
            octets[size++] = 'u';
            octets[size++] = HEX[c >>> 12];
            octets[size++] = HEX[c >>> 8 & 0xF];
            octets[size++] = HEX[c >>> 4 & 0xF];
            octets[size++] = HEX[c & 0xF];
        }
    }
}
