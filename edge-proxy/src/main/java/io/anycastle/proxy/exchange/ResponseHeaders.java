package io.anycastle.proxy.exchange;

import io.anycastle.proxy.coding.CodingPlan;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseHead;
import io.anycastle.proxy.reply.HttpDate;
import io.netty.util.AsciiString;
import java.util.Locale;

/** The header fields that go to the client with an origin's answer. Pure. */
final class ResponseHeaders {
    static final AsciiString ANYCASTLE = new AsciiString("anycastle");
    private static final AsciiString DYNAMIC = new AsciiString("DYNAMIC");
    private static final AsciiString ACCEPT_ENCODING = new AsciiString("accept-encoding");
    private static final AsciiString VARY = new AsciiString("Accept-Encoding");
    private static final AsciiString ANY = new AsciiString("*");
    private static final String WEAK = "W/";
    /** What nginx takes for itself. */
    private static final String INTERNAL = "x-accel-";

    private ResponseHeaders() {}

    /**
     * @param hasLength whether the length that the origin tells holds for what the client gets, if nothing changes it
     * @param plan what becomes of the body
     */
    static void write(Exchange exchange, ResponseHead head, boolean hasLength, CodingPlan plan, FieldWriter to) {
        Fields from = head.fields();
        boolean isChanged = plan.changesBody();
        boolean isWeakened = isChanged || isKnownWeak(exchange.fields(), head);
        copy(from, to, hasLength && !isChanged, isChanged, isWeakened);
        if (plan.encoded() != null) {
            to.add(FieldName.CONTENT_ENCODING, plan.encoded().text());
        }
        if (isWeakened && from.has(FieldName.ETAG)) {
            String tag = from.value(FieldName.ETAG);
            to.add(FieldName.ETAG, tag.startsWith(WEAK) ? tag : WEAK + tag);
        }
        if (plan.isVarying() && !from.lists(FieldName.VARY, ACCEPT_ENCODING) && !from.lists(FieldName.VARY, ANY)) {
            to.add(FieldName.VARY, VARY);
        }
        if (!from.has(FieldName.DATE)) {
            to.add(FieldName.DATE, HttpDate.nowOctets());
        }
        to.add(FieldName.SERVER, ANYCASTLE);
        to.add(FieldName.CF_RAY, exchange.ray());
        to.add(FieldName.CF_CACHE_STATUS, DYNAMIC);
        announce(exchange, to);
        ServerTiming.write(exchange, to);
        var config = exchange.surroundings().config();
        if (config.via().inAnswers()) {
            Hops.addVia(to, head.version(), config.loopToken());
        }
    }

    /** Tells the client of a better version of HTTP. */
    static void announce(Exchange exchange, FieldWriter to) {
        AsciiString better = exchange.connection().altSvc(exchange.request().version());
        if (better != null) {
            to.add(FieldName.ALT_SVC, better);
        }
    }

    /** Whether the client has the answer that did not change in another coding than its origin's, and knows it by a weak tag for that. */
    private static boolean isKnownWeak(Fields request, ResponseHead head) {
        if (head.status() != 304 || !head.fields().has(FieldName.ETAG) || !request.has(FieldName.IF_NONE_MATCH)) {
            return false;
        }
        String tag = head.fields().value(FieldName.ETAG);
        String known = String.join(",", request.values(FieldName.IF_NONE_MATCH));
        return !tag.startsWith(WEAK)
                && known.contains(WEAK + tag)
                && !known.replace(WEAK + tag, "").contains(tag);
    }

    /** The fields of an answer that comes before the answer. */
    static void copyInterim(Fields from, FieldWriter to) {
        copy(from, to, false, false, false);
    }

    /** The origin's own fields, less what belongs to its connection or to the edge, and less what is not true of a changed body. */
    private static void copy(Fields from, FieldWriter to, boolean hasLength, boolean isChanged, boolean isWeakened) {
        boolean isListing = from.has(FieldName.CONNECTION) && !FieldRules.isPlainConnection(from);
        int run = 0;
        for (int i = 0; i < from.count(); i++) {
            boolean isForwarded = switch (from.name(i)) {
                case OTHER -> !isInternal(from, i) && !(isChanged && isDigest(from, i));
                case CONTENT_LENGTH -> hasLength;
                case CONTENT_ENCODING, ACCEPT_RANGES -> !isChanged;
                case ETAG -> !isWeakened;
                default -> from.name(i).passesToClients();
            };
            if (!isForwarded || (isListing && FieldRules.belongsToConnection(from, i))) {
                to.copy(from, run, i);
                run = i + 1;
            }
        }
        to.copy(from, run, from.count());
    }

    /** A checksum of the body as the origin sent it (RFC 9530, RFC 3230, RFC 1864). */
    private static boolean isDigest(Fields from, int index) {
        return switch (from.nameText(index).toLowerCase(Locale.ROOT)) {
            case "content-digest", "repr-digest", "digest", "content-md5" -> true;
            default -> false;
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
