package io.anycastle.core.geo;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The data section of a MaxMind database: values behind a control octet, with pointers among them. What a record needs not (arrays, big
 * numbers) is stepped over. Reading a whole record is not for the query path; finding one value in it is.
 */
final class GeoRecords {
    private static final int DEPTH_MAX = 16;
    private static final int ENTRIES_MAX = 10_000;

    private static final int EXTENDED = 0;
    private static final int POINTER = 1;
    private static final int TEXT = 2;
    private static final int DOUBLE = 3;
    private static final int UINT16 = 5;
    private static final int UINT32 = 6;
    private static final int MAP = 7;
    private static final int UINT64 = 9;
    private static final int ARRAY = 11;
    private static final int FLAG = 14;

    /** The place of what is not there. */
    static final int NOWHERE = -1;

    /** What stands for a value that is of no use here. */
    private static final Object OTHER = new Object();

    private final MemorySegment data;

    GeoRecords(MemorySegment data) {
        this.data = data;
    }

    /** A place in the data, moved on by reading. */
    private static final class Cursor {
        int at;
        /** Values that were stepped over. */
        int skipped;

        Cursor(int at) {
            this.at = at;
        }
    }

    /**
     * Reads the map at a place.
     *
     * @throws IOException when there is none
     */
    Map<?, ?> map(int place) throws IOException {
        try {
            if (value(new Cursor(place), 0) instanceof Map<?, ?> map) {
                return map;
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("a record leads out of the file", e);
        }
        throw new IOException("a record is no map");
    }

    /**
     * Where the value of a key stands in the map at a place; {@link #NOWHERE} when there is no map, or no such key in it. Makes nothing of what
     * it steps over.
     *
     * @throws IOException when there are more values than a record has
     * @throws IndexOutOfBoundsException when the map leads out of the file
     */
    int member(int place, byte[] key) throws IOException {
        if (place == NOWHERE) {
            return NOWHERE;
        }
        Cursor cursor = new Cursor(behindPointers(place));
        int control = u8(cursor);
        if (control >>> 5 != MAP) {
            return NOWHERE;
        }
        for (int left = size(cursor, control & 31); left > 0; left--) {
            boolean isIt = isText(cursor.at, key);
            skip(cursor);
            if (isIt) {
                return cursor.at;
            }
            skip(cursor);
        }
        return NOWHERE;
    }

    /** The value's own place, where a pointer stands in front of it. */
    private int behindPointers(int place) throws IOException {
        Cursor cursor = new Cursor(place);
        for (int depth = 0; depth < DEPTH_MAX; depth++) {
            int at = cursor.at;
            int control = u8(cursor);
            if (control >>> 5 != POINTER) {
                return at;
            }
            cursor.at = pointer(cursor, control);
        }
        throw new IOException("its pointers go round");
    }

    private boolean isText(int place, byte[] text) throws IOException {
        Cursor cursor = new Cursor(behindPointers(place));
        int control = u8(cursor);
        if (control >>> 5 != TEXT || size(cursor, control & 31) != text.length) {
            return false;
        }
        for (byte octet : text) {
            if (u8(cursor) != octet) {
                return false;
            }
        }
        return true;
    }

    /** Steps over a value and all that lies in it. */
    private void skip(Cursor cursor) throws IOException {
        for (long left = 1; left > 0; left--) {
            if (++cursor.skipped > ENTRIES_MAX) {
                throw new IOException("a record has more than " + ENTRIES_MAX + " values");
            }
            int control = u8(cursor);
            int type = control >>> 5;
            if (type == POINTER) {
                pointer(cursor, control);
                continue;
            }
            if (type == EXTENDED) {
                type = 7 + u8(cursor);
            }
            int size = size(cursor, control & 31);
            switch (type) {
                case MAP -> left += 2L * size;
                case ARRAY -> left += size;
                case FLAG -> {} // the size is its value
                default -> cursor.at += size;
            }
        }
    }

    /** The two octets of the text at a place, as one number; {@link #NOWHERE} when it is no text of two. */
    int pair(int place) throws IOException {
        if (place == NOWHERE) {
            return NOWHERE;
        }
        Cursor cursor = new Cursor(behindPointers(place));
        int control = u8(cursor);
        return control >>> 5 == TEXT && size(cursor, control & 31) == 2 ? (int) number(cursor, 2) : NOWHERE;
    }

    /** The number of up to 32 bits at a place; 0 when there is none. */
    long number(int place) throws IOException {
        if (place == NOWHERE) {
            return 0;
        }
        Cursor cursor = new Cursor(behindPointers(place));
        int control = u8(cursor);
        int type = control >>> 5;
        int size = size(cursor, control & 31);
        return (type == UINT16 || type == UINT32) && size <= 4 ? number(cursor, size) : 0;
    }

    private Object value(Cursor cursor, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new IOException("its records are nested too deeply");
        }
        int control = u8(cursor);
        int type = control >>> 5;
        if (type == POINTER) {
            return value(new Cursor(pointer(cursor, control)), depth + 1);
        }
        if (type == EXTENDED) {
            type = 7 + u8(cursor);
        }
        int size = size(cursor, control & 31);
        return switch (type) {
            case MAP -> entries(cursor, size, depth);
            case ARRAY -> elements(cursor, size, depth);
            case FLAG -> size != 0;
            case TEXT -> text(cursor, size);
            case DOUBLE -> Double.longBitsToDouble(number(cursor, size));
            case UINT16, UINT32, UINT64 -> number(cursor, size);
            default -> {
                cursor.at += size;
                yield OTHER;
            }
        };
    }

    private Map<String, Object> entries(Cursor cursor, int size, int depth) throws IOException {
        checkCount(size);
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < size; i++) {
            Object key = value(cursor, depth + 1);
            map.put(String.valueOf(key), value(cursor, depth + 1));
        }
        return map;
    }

    private Object elements(Cursor cursor, int size, int depth) throws IOException {
        checkCount(size);
        for (int i = 0; i < size; i++) {
            value(cursor, depth + 1);
        }
        return OTHER;
    }

    private static void checkCount(int size) throws IOException {
        if (size > ENTRIES_MAX) {
            throw new IOException("a record has " + size + " entries");
        }
    }

    private int pointer(Cursor cursor, int control) {
        int top = control & 7;
        return switch (control >>> 3 & 3) {
            case 0 -> top << 8 | u8(cursor);
            case 1 -> (top << 16 | (int) number(cursor, 2)) + 2048;
            case 2 -> (top << 24 | (int) number(cursor, 3)) + 526_336;
            default -> (int) number(cursor, 4);
        };
    }

    private int size(Cursor cursor, int inControl) {
        return switch (inControl) {
            case 29 -> 29 + u8(cursor);
            case 30 -> 285 + (int) number(cursor, 2);
            case 31 -> 65_821 + (int) number(cursor, 3);
            default -> inControl;
        };
    }

    private String text(Cursor cursor, int octets) {
        byte[] bytes = new byte[Math.min(octets, (int) data.byteSize())];
        MemorySegment.copy(data, JAVA_BYTE, cursor.at, bytes, 0, octets);
        cursor.at += octets;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long number(Cursor cursor, int octets) {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = value << 8 | u8(cursor);
        }
        return value;
    }

    private int u8(Cursor cursor) {
        return data.get(JAVA_BYTE, cursor.at++) & 255;
    }
}
