package io.anycastle.proxy.message;

import io.netty.util.AsciiString;

/** Collects the fields that are written, to be looked at. */
public final class WrittenFields implements FieldWriter {
    private final Fields fields = new Fields();

    public Fields fields() {
        return fields;
    }

    @Override
    public void copy(Fields from, int first, int last) {
        for (int i = first; i < last; i++) {
            fields.add(from.nameText(i), from.value(i));
        }
    }

    @Override
    public void add(FieldName name, CharSequence value) {
        fields.add(name.text(), value);
    }

    @Override
    public void add(FieldName name, AsciiString value) {
        fields.add(name.text(), value);
    }
}
