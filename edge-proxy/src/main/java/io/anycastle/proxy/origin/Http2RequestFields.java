package io.anycastle.proxy.origin;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.RequestHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * Collects the fields of one request as HTTP/2 takes them (RFC 9113 sections 8.2 and 8.3.1): names in lower case, the host as the
 * authority, and none that belong to connections of HTTP/1. Every text is a copy, since the connection's table of fields keeps it.
 */
final class Http2RequestFields implements FieldWriter {
    private static final int SIZE = 32;
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");

    private final Http2Headers headers = new DefaultHttp2Headers(false, SIZE);
    private CharSequence webSocketKey = "";

    /** Begins a head. */
    void begin(RequestHead line, String scheme) {
        headers.method(line.method());
        headers.scheme(scheme);
        AsciiString target = line.targetOctets();
        headers.path(new AsciiString(target.array(), target.arrayOffset(), target.length(), true));
    }

    /** Asks for another protocol instead (RFC 8441 section 4), which needs no key. */
    void askForWebSocket() {
        headers.method(CONNECT);
        headers.set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), WEBSOCKET);
    }

    Http2Headers headers() {
        return headers;
    }

    /** The key by which HTTP/1.1 would have asked for a WebSocket; empty when there is none. */
    String webSocketKey() {
        return webSocketKey.toString();
    }

    static Http2Headers trailers(Fields from) {
        Http2RequestFields trailers = new Http2RequestFields();
        trailers.copy(from, 0, from.count());
        return trailers.headers;
    }

    @Override
    public void copy(Fields from, int first, int last) {
        for (int i = first; i < last; i++) {
            FieldName known = from.name(i);
            int valueFrom = from.valueFrom(i);
            AsciiString value = new AsciiString(from.octets(), valueFrom, from.valueTo(i) - valueFrom, true);
            if (known == FieldName.OTHER) {
                int nameFrom = from.from(i);
                headers.add(
                        new AsciiString(from.octets(), nameFrom, from.nameTo(i) - nameFrom, true).toLowerCase(), value);
            } else {
                put(known, value);
            }
        }
    }

    @Override
    public void add(FieldName name, CharSequence value) {
        put(name, value);
    }

    @Override
    public void add(FieldName name, AsciiString value) {
        put(name, new AsciiString(value.array(), value.arrayOffset(), value.length(), true));
    }

    private void put(FieldName name, CharSequence value) {
        switch (name) {
            case HOST -> headers.authority(value);
            case SEC_WEBSOCKET_KEY -> webSocketKey = value;
            // what of it may be said here, is written by itself
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE -> {}
            default -> headers.add(name.lowerCase(), value);
        }
    }
}
