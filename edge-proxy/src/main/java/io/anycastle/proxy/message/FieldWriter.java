package io.anycastle.proxy.message;

import io.netty.util.AsciiString;

/** Where the fields of a head go, in the form of the wire that carries it. */
public interface FieldWriter {
    /** Writes fields as they came, from the first (inclusive) to the last (exclusive). */
    void copy(Fields from, int first, int last);

    /** Writes one field; the value has an octet for each character. */
    void add(FieldName name, CharSequence value);

    /** Writes one field whose value is known as octets, which may be others after the call. */
    void add(FieldName name, AsciiString value);
}
