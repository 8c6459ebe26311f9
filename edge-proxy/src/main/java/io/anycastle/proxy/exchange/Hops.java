package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a message says of the hops it takes (RFC 9110 section 7.6). Pure. */
final class Hops {
    /** What is told on of a number that is larger (RFC 9110 section 7.6.2). */
    private static final int HOPS_MAX = 999_999_999;

    private static final Pattern NUMBER = Pattern.compile("0*([0-9]+)");

    private Hops() {}

    /** How many hops an OPTIONS request may still take; more than any when it does not say, or is another request. */
    static int left(RequestHead request) {
        Fields fields = request.fields();
        if (!fields.has(FieldName.MAX_FORWARDS) || !isCounted(request)) {
            return Integer.MAX_VALUE;
        }
        Matcher number = NUMBER.matcher(fields.value(FieldName.MAX_FORWARDS));
        if (!number.matches()) {
            return Integer.MAX_VALUE;
        }
        return number.group(1).length() > 9 ? HOPS_MAX + 1 : Integer.parseInt(number.group(1));
    }

    /** Whether the request's Max-Forwards field counts, and is not passed on as it came. */
    static boolean isCounted(RequestHead request) {
        return request.isMethod("OPTIONS")
                && request.fields().count(FieldName.MAX_FORWARDS) == 1
                && NUMBER.matcher(request.fields().value(FieldName.MAX_FORWARDS))
                        .matches();
    }

    /** Adds this hop to those before. */
    static void addVia(FieldWriter to, HttpVersion received, String name) {
        to.add(FieldName.VIA, received.number() + " " + name);
    }
}
