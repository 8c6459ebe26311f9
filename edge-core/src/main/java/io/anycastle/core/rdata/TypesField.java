package io.anycastle.core.rdata;

import io.anycastle.core.model.TypeMnemonics;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A set of types up to the end of the data, spelled as their mnemonics; none is a set, too (RFC 4034 section 4.1.2). */
record TypesField(String key) implements FieldForm {
    private static final int WINDOW_OCTETS_MAX = 32;

    @Override
    public String expected() {
        return "types' mnemonics, or TYPE and their numbers, with blanks between";
    }

    @Override
    public String fromWord(String raw, TargetNames names) {
        return text(types(raw));
    }

    private BitSet types(String raw) {
        BitSet types = new BitSet();
        for (String word : raw.strip().split("[ \t]+")) {
            if (!word.isEmpty()) {
                types.set(TypeMnemonics.code(word)
                        .orElseThrow(
                                () -> new InvalidFieldException("expected " + expected() + ", not '" + word + "'")));
            }
        }
        return types;
    }

    private static String text(BitSet types) {
        List<String> words = new ArrayList<>();
        types.stream().forEach(code -> words.add(TypeMnemonics.of(code)));
        return String.join(" ", words);
    }

    @Override
    public String fromValue(Object given, TargetNames names) {
        return fromWord(given.toString(), names);
    }

    @Override
    public String read(ByteBuffer wire) {
        BitSet types = new BitSet();
        for (int last = -1; wire.hasRemaining(); ) {
            int window = wire.get() & 255;
            int size = wire.get() & 255;
            if (window <= last || size == 0 || size > WINDOW_OCTETS_MAX) {
                throw new InvalidFieldException("expected windows of types in their order, each of 1 to 32 octets");
            }
            byte[] bits = new byte[size];
            wire.get(bits);
            for (int i = 0; i < size * 8; i++) {
                types.set(window * 256 + i, (bits[i / 8] & 0x80 >> i % 8) != 0);
            }
            last = window;
        }
        return text(types);
    }

    @Override
    public String text(Object value) {
        return value.toString();
    }

    @Override
    public void write(Object value, ByteArrayOutputStream out) {
        BitSet types = types(value.toString());
        for (int window = 0; window < 256; window++) {
            BitSet inside = types.get(window * 256, window * 256 + 256);
            if (!inside.isEmpty()) {
                byte[] bits = new byte[(inside.length() + 7) / 8];
                inside.stream().forEach(bit -> bits[bit / 8] |= (byte) (0x80 >> bit % 8));
                out.write(window);
                out.write(bits.length);
                out.writeBytes(bits);
            }
        }
    }

    @Override
    public boolean isTail() {
        return true;
    }

    @Override
    public boolean isOptional() {
        return true;
    }
}
