package io.anycastle.proxy.message;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Header fields (RFC 9110 section 5) as octets with offsets. Each stands as a line of HTTP/1, CR LF included, and the lines of neighbours
 * stand side by side, so that a run of fields is copied at once. Reused from message to message; belongs to one event loop.
 */
public final class Fields {
    private static final int OCTETS_FIRST = 1024;
    private static final int COUNT_FIRST = 32;
    /** Name from, name to, value from, value to. */
    private static final int OFFSETS = 4;

    private byte[] octets = new byte[OCTETS_FIRST];
    private int size;
    private int[] offsets = new int[COUNT_FIRST * OFFSETS];
    private byte[] names = new byte[COUNT_FIRST];
    private boolean[] isExact = new boolean[COUNT_FIRST];
    private int count;
    /** One bit for each exact name that is there. */
    private long present;

    /** Makes ready for the next message. */
    public void clear() {
        size = 0;
        count = 0;
        present = 0;
    }

    /** The octets that stand so far, those of lines that are not marked yet and of what is no field among them. */
    public byte[] octets() {
        return octets;
    }

    /** How many of {@link #octets} are used. */
    public int size() {
        return size;
    }

    /** Appends octets as they come from a wire; {@link #mark} tells what they are. */
    public void append(ByteBuf from, int at, int length) {
        ensure(length);
        NativeOctets.copy(from, at, octets, size, length);
        size += length;
    }

    /** Drops what stands behind that many octets. */
    public void cut(int length) {
        size = length;
    }

    private void ensure(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, size + more));
        }
    }

    /** Tells of a whole line among the octets; its value is without blanks at its ends. */
    public void mark(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        if (count == names.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
            names = Arrays.copyOf(names, count * 2);
            isExact = Arrays.copyOf(isExact, count * 2);
        }
        int at = count * OFFSETS;
        offsets[at] = nameFrom;
        offsets[at + 1] = nameTo;
        offsets[at + 2] = valueFrom;
        offsets[at + 3] = valueTo;
        FieldName name = FieldName.find(octets, nameFrom, nameTo);
        names[count] = (byte) name.index();
        boolean exact = name != FieldName.OTHER && name.isExact(octets, nameFrom);
        isExact[count] = exact;
        if (exact) {
            present |= 1L << name.index();
        }
        count++;
    }

    /** Appends a field. */
    public void add(CharSequence name, CharSequence value) {
        int length = name.length() + value.length() + 4;
        ensure(length);
        int nameFrom = size;
        put(name);
        int nameTo = size;
        octets[size++] = ':';
        octets[size++] = ' ';
        int valueFrom = size;
        put(value);
        int valueTo = size;
        octets[size++] = '\r';
        octets[size++] = '\n';
        mark(nameFrom, nameTo, valueFrom, valueTo);
    }

    /** Appends octets that are no field, such as the start line of a message. */
    public void put(CharSequence text) {
        ensure(text.length());
        if (text instanceof AsciiString ascii) {
            ascii.copy(0, octets, size, ascii.length());
        } else {
            for (int i = 0; i < text.length(); i++) {
                octets[size + i] = (byte) text.charAt(i);
            }
        }
        size += text.length();
    }

    public int count() {
        return count;
    }

    /** The field's name, spelled by the book; {@link FieldName#OTHER} for those that are not known. */
    public FieldName name(int index) {
        return isExact[index] ? FieldName.of(names[index]) : FieldName.OTHER;
    }

    /** The known name that a program may take the field's for. */
    public FieldName folded(int index) {
        return FieldName.of(names[index]);
    }

    public boolean has(FieldName name) {
        return (present & (1L << name.index())) != 0;
    }

    /** The first field of that name at or behind the index, or -1. */
    public int next(FieldName name, int from) {
        if (!has(name)) {
            return -1;
        }
        int wanted = name.index();
        for (int i = from; i < count; i++) {
            if (names[i] == wanted && isExact[i]) {
                return i;
            }
        }
        return -1;
    }

    /** The first field of that name, or -1. */
    public int first(FieldName name) {
        return next(name, 0);
    }

    /** How many fields have that name. */
    public int count(FieldName name) {
        int found = 0;
        for (int i = first(name); i >= 0; i = next(name, i + 1)) {
            found++;
        }
        return found;
    }

    /** Where the field's line begins. */
    public int from(int index) {
        return offsets[index * OFFSETS];
    }

    /** Where the field's name ends. */
    public int nameTo(int index) {
        return offsets[index * OFFSETS + 1];
    }

    public int valueFrom(int index) {
        return offsets[index * OFFSETS + 2];
    }

    public int valueTo(int index) {
        return offsets[index * OFFSETS + 3];
    }

    /** Where the field's line ends, behind its CR LF. */
    public int to(int index) {
        int at = offsets[index * OFFSETS + 3];
        while (octets[at] != '\n') {
            at++; // blanks behind the value
        }
        return at + 1;
    }

    public String nameText(int index) {
        return text(from(index), nameTo(index));
    }

    /** The field's value as a string, an octet a character. */
    public String value(int index) {
        return text(valueFrom(index), valueTo(index));
    }

    /** The value of the first field of that name; empty when there is none. */
    public String value(FieldName name) {
        int index = first(name);
        return index < 0 ? "" : value(index);
    }

    /** The values of all fields of that name. */
    public List<String> values(FieldName name) {
        int index = first(name);
        if (index < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(2);
        for (; index >= 0; index = next(name, index + 1)) {
            values.add(value(index));
        }
        return values;
    }

    private String text(int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether one of the lists in the fields of that name has that element, which is in lower case, whatever its case there. */
    public boolean lists(FieldName name, AsciiString element) {
        for (int i = first(name); i >= 0; i = next(name, i + 1)) {
            if (FieldLists.has(octets, valueFrom(i), valueTo(i), element)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a field's name stands in one of the lists in the fields of another name, such as Connection. */
    public boolean isListed(int index, FieldName by) {
        for (int i = first(by); i >= 0; i = next(by, i + 1)) {
            if (FieldLists.has(octets, valueFrom(i), valueTo(i), octets, from(index), nameTo(index))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the value is this text but for its case. */
    public boolean isValue(int index, AsciiString lowerCase) {
        int from = valueFrom(index);
        return valueTo(index) - from == lowerCase.length()
                && FieldLists.isSame(octets, from, lowerCase.array(), lowerCase.arrayOffset(), lowerCase.length());
    }

    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(nameText(i)).append(": ").append(value(i)).append('\n');
        }
        return lines.toString();
    }
}
