package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.FieldGrammar;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.ResponseHead;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * Reads the fields of an answer of HTTP/2 (RFC 9113 section 8.3.2) into the form that all wires share. What breaks the grammar, or could
 * be told in HTTP/1.1 in two ways, is an {@link InvalidAnswerException}. Pure.
 */
final class Http2AnswerReader {
    private static final String STATUS = ":status";
    private static final int STATUS_DIGITS = 3;
    private static final int LINE_EXTRA_BYTES = 4;

    private final int fieldBytesMax;

    /**
     * @param fieldBytesMax of all fields of one section
     */
    Http2AnswerReader(int fieldBytesMax) {
        this.fieldBytesMax = fieldBytesMax;
    }

    /** Reads a head. */
    void read(Http2Headers from, ResponseHead into) {
        into.clear();
        int status = status(from.getAll(STATUS).size() == 1 ? from.status() : "");
        fields(from, into.fields(), true);
        into.mark(status, 0, 0, HttpVersion.HTTP_2);
    }

    /** Reads the fields behind a body. */
    Fields trailers(Http2Headers from) {
        Fields trailers = new Fields();
        fields(from, trailers, false);
        return trailers;
    }

    private static int status(CharSequence text) {
        int status = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw new InvalidAnswerException("the status is no number");
            }
            status = status * 10 + digit - '0';
        }
        if (text.length() != STATUS_DIGITS || status < 100) {
            throw new InvalidAnswerException("the status is not three digits");
        }
        return status;
    }

    private void fields(Http2Headers from, Fields into, boolean isHead) {
        int left = fieldBytesMax;
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            left -= name.length() + value.length() + LINE_EXTRA_BYTES;
            if (left < 0) {
                throw new InvalidAnswerException("the fields are longer than this edge accepts");
            }
            if (name.length() > 0 && name.charAt(0) == ':') {
                if (!isHead || !STATUS.contentEquals(name)) {
                    throw new InvalidAnswerException("a pseudo-field is none of an answer");
                }
                continue;
            }
            check(name, value);
            into.add(name, value);
        }
    }

    private static void check(CharSequence name, CharSequence value) {
        if (!FieldGrammar.isLowerCaseToken(name)) {
            throw new InvalidAnswerException("a field name is no token in lower case");
        }
        if (!FieldGrammar.isValue(value)) {
            throw new InvalidAnswerException("a field value holds a control character, or blanks at an end");
        }
        boolean isOfConnection = switch (name.toString()) {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> true;
            default -> false;
        };
        if (isOfConnection) {
            throw new InvalidAnswerException("a field belongs to connections of HTTP/1");
        }
    }
}
