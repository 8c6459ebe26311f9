package io.anycastle.proxy.listen;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.netty.handler.codec.Headers;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.function.Supplier;

/**
 * Collects the fields of one head or trailer section as HTTP/2 and HTTP/3 take them: names in lower case (RFC 9113 section 8.2, RFC 9114
 * section 4.2).
 */
final class AnswerFields<H extends Headers<CharSequence, CharSequence, H>> implements FieldWriter {
    /** Fields that most answers do not go beyond. */
    static final int SIZE = 16;

    private final Supplier<H> maker;
    private H headers;

    /** @param maker of an empty section */
    AnswerFields(Supplier<H> maker) {
        this.maker = maker;
        this.headers = maker.get();
    }

    /** Begins the head of an answer. */
    FieldWriter begin(int status) {
        headers = maker.get();
        headers.add(
                Http2Headers.PseudoHeaderName.STATUS.value(),
                HttpResponseStatus.valueOf(status).codeAsText());
        return this;
    }

    H headers() {
        return headers;
    }

    H trailers(Fields from) {
        headers = maker.get();
        copy(from, 0, from.count());
        return headers;
    }

    @Override
    public void copy(Fields from, int first, int last) {
        for (int i = first; i < last; i++) {
            FieldName known = from.name(i);
            if (known == FieldName.SEC_WEBSOCKET_ACCEPT) {
                continue; // what it proves, the status does here (RFC 8441 section 5)
            }
            AsciiString name = known == FieldName.OTHER
                    ? new AsciiString(from.octets(), from.from(i), from.nameTo(i) - from.from(i), true).toLowerCase()
                    : known.lowerCase();
            int valueFrom = from.valueFrom(i);
            headers.add(name, new AsciiString(from.octets(), valueFrom, from.valueTo(i) - valueFrom, true));
        }
    }

    @Override
    public void add(FieldName name, CharSequence value) {
        headers.add(name.lowerCase(), value);
    }

    @Override
    public void add(FieldName name, AsciiString value) {
        // the connection's table of fields keeps what it is given
        headers.add(name.lowerCase(), new AsciiString(value.array(), value.arrayOffset(), value.length(), true));
    }
}
