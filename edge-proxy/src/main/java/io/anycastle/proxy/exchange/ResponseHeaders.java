package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.reply.HttpDate;
import io.netty.util.AsciiString;

/** The header fields that go to the client with an origin's answer. Pure. */
final class ResponseHeaders {
    static final AsciiString ANYCASTLE = new AsciiString("anycastle");
    private static final AsciiString DYNAMIC = new AsciiString("DYNAMIC");
    /** What nginx takes for itself. */
    private static final String INTERNAL = "x-accel-";

    private ResponseHeaders() {}

    /** @param hasLength whether the length that the origin tells holds for what the client gets */
    static void write(Fields from, FieldWriter to, Ray ray, boolean hasLength) {
        copy(from, to, hasLength);
        if (!from.has(FieldName.DATE)) {
            to.add(FieldName.DATE, HttpDate.nowOctets());
        }
        to.add(FieldName.SERVER, ANYCASTLE);
        to.add(FieldName.CF_RAY, ray.text());
        to.add(FieldName.CF_CACHE_STATUS, DYNAMIC);
    }

    /** The origin's own fields, less what belongs to its connection or to the edge. */
    static void copy(Fields from, FieldWriter to, boolean hasLength) {
        boolean isListing = from.has(FieldName.CONNECTION) && !FieldRules.isPlainConnection(from);
        int run = 0;
        for (int i = 0; i < from.count(); i++) {
            boolean isForwarded = isForwarded(from, i, hasLength);
            if (!isForwarded || (isListing && FieldRules.belongsToConnection(from, i))) {
                to.copy(from, run, i);
                run = i + 1;
            }
        }
        to.copy(from, run, from.count());
    }

    private static boolean isForwarded(Fields from, int index, boolean hasLength) {
        FieldName name = from.name(index);
        return switch (name) {
            case OTHER -> !isInternal(from, index);
            case CONTENT_LENGTH -> hasLength;
            default -> name.passesToClients();
        };
    }

    private static boolean isInternal(Fields from, int index) {
        int start = from.from(index);
        if (from.nameTo(index) - start < INTERNAL.length()) {
            return false;
        }
        for (int i = 0; i < INTERNAL.length(); i++) {
            if (Character.toLowerCase(from.octets()[start + i]) != INTERNAL.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
