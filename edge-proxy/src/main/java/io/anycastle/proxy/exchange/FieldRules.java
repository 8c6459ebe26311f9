package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.netty.util.AsciiString;

/** Which header fields belong to one connection only (RFC 9110 section 7.6.1). Pure. */
final class FieldRules {
    private static final AsciiString KEEP_ALIVE = new AsciiString("keep-alive");
    private static final AsciiString CLOSE = new AsciiString("close");

    private FieldRules() {}

    /** Whether the Connection field lists no other field, as nearly all do. */
    static boolean isPlainConnection(Fields fields) {
        int index = fields.first(FieldName.CONNECTION);
        return fields.next(FieldName.CONNECTION, index + 1) < 0
                && (fields.isValue(index, KEEP_ALIVE) || fields.isValue(index, CLOSE));
    }

    /** Whether the Connection field lists the field's name. What a message needs to be understood is no option of a connection. */
    static boolean belongsToConnection(Fields fields, int index) {
        FieldName name = fields.name(index);
        return name != FieldName.HOST
                && name != FieldName.CONTENT_LENGTH
                && fields.isListed(index, FieldName.CONNECTION);
    }
}
