package io.anycastle.proxy.coding;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The media types whose answers are compressed, found by their octets without making a string. */
final class CompressibleTypes {
    private static final int SLOTS = 1024;

    /** What proxies of this kind compress, and event streams. */
    static final List<String> USUAL = List.of(
            "text/html",
            "text/richtext",
            "text/plain",
            "text/css",
            "text/x-script",
            "text/x-component",
            "text/x-java-source",
            "text/x-markdown",
            "application/javascript",
            "application/x-javascript",
            "text/javascript",
            "text/js",
            "image/x-icon",
            "image/vnd.microsoft.icon",
            "application/x-perl",
            "application/x-httpd-cgi",
            "text/xml",
            "application/xml",
            "application/rss+xml",
            "application/vnd.api+json",
            "application/x-protobuf",
            "application/json",
            "multipart/bag",
            "multipart/mixed",
            "application/xhtml+xml",
            "font/ttf",
            "font/otf",
            "font/x-woff",
            "image/svg+xml",
            "application/vnd.ms-fontobject",
            "application/ttf",
            "application/x-ttf",
            "application/otf",
            "application/x-otf",
            "application/truetype",
            "application/opentype",
            "application/x-opentype",
            "application/font-woff",
            "application/eot",
            "application/font",
            "application/font-sfnt",
            "application/wasm",
            "application/javascript-binast",
            "application/manifest+json",
            "application/ld+json",
            "application/graphql+json",
            "application/geo+json",
            "text/event-stream");

    private static final AsciiString EVENTS = new AsciiString("text/event-stream");

    private final @Nullable AsciiString[] slots = new @Nullable AsciiString[SLOTS];

    CompressibleTypes(List<String> more) {
        USUAL.forEach(this::add);
        more.stream()
                .limit(SLOTS / 2)
                .map(type -> type.toLowerCase(Locale.ROOT))
                .forEach(this::add);
    }

    private void add(String type) {
        AsciiString text = new AsciiString(type);
        int slot = hash(text.array(), 0, text.length()) & (SLOTS - 1);
        while (slots[slot] != null) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        slots[slot] = text;
    }

    private static int hash(byte[] octets, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + lower(octets[i]);
        }
        return hash ^ hash >>> 15;
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ' ' : octet;
    }

    /** Whether the answer is of such a type. */
    boolean cover(Fields answer) {
        int index = answer.first(FieldName.CONTENT_TYPE);
        if (index < 0) {
            return false;
        }
        byte[] octets = answer.octets();
        int from = answer.valueFrom(index);
        int to = typeTo(answer, index);
        int slot = hash(octets, from, to) & (SLOTS - 1);
        for (AsciiString type = slots[slot]; type != null; type = slots[slot]) {
            if (isSame(type, octets, from, to)) {
                return true;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return false;
    }

    /** Whether the answer is a stream of server-sent events. */
    static boolean isEvents(Fields answer) {
        int index = answer.first(FieldName.CONTENT_TYPE);
        return index >= 0 && isSame(EVENTS, answer.octets(), answer.valueFrom(index), typeTo(answer, index));
    }

    /** Where the type ends and its parameters begin. */
    private static int typeTo(Fields answer, int index) {
        byte[] octets = answer.octets();
        int end = answer.valueFrom(index);
        int to = answer.valueTo(index);
        while (end < to && octets[end] != ';' && octets[end] != ' ' && octets[end] != '\t') {
            end++;
        }
        return end;
    }

    private static boolean isSame(AsciiString lowerCase, byte[] octets, int from, int to) {
        if (lowerCase.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (lower(octets[i]) != lowerCase.byteAt(i - from)) {
                return false;
            }
        }
        return true;
    }
}
