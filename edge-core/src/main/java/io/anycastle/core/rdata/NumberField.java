package io.anycastle.core.rdata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;

/**
 * An unsigned number of one or two octets.
 *
 * @param mnemonics names that stand for a number, upper case
 */
record NumberField(String key, int octets, Map<String, Integer> mnemonics) implements FieldForm {
    static NumberField octet(String key) {
        return new NumberField(key, 1, Map.of());
    }

    static NumberField sixteenBits(String key) {
        return new NumberField(key, 2, Map.of());
    }

    NumberField called(Map<String, Integer> names) {
        return new NumberField(key, octets, names);
    }

    private int max() {
        return octets == 1 ? 255 : 65535;
    }

    @Override
    public String expected() {
        return "a whole number from 0 to " + max();
    }

    @Override
    public Integer fromWord(String raw, TargetNames names) {
        int value = digits(raw);
        if (value >= 0 && value <= max()) {
            return value;
        }
        Integer named = mnemonics.get(raw.toUpperCase(Locale.ROOT));
        if (named == null) {
            throw new InvalidFieldException("expected " + expected() + ", not '" + raw + "'");
        }
        return named;
    }

    private static int digits(String raw) {
        if (raw.isEmpty() || raw.length() > 6) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    @Override
    public Integer fromValue(Object given, TargetNames names) {
        if (given instanceof Number number && number.doubleValue() == number.longValue()) {
            return fromWord(Long.toString(number.longValue()), names);
        }
        return fromWord(given.toString(), names);
    }

    @Override
    public Integer read(ByteBuffer wire) {
        return octets == 1 ? wire.get() & 255 : wire.getShort() & 0xffff;
    }

    @Override
    public String text(Object value) {
        return value.toString();
    }

    @Override
    public void write(Object value, ByteArrayOutputStream out) {
        int number = (Integer) value;
        if (octets == 2) {
            out.write(number >>> 8);
        }
        out.write(number);
    }
}
