package io.anycastle.proxy.message;

import io.netty.util.AsciiString;

/** Looks for elements in comma-separated lists (RFC 9110 section 5.6.1) where they stand. Pure. */
final class FieldLists {
    private FieldLists() {}

    static boolean has(byte[] list, int from, int to, AsciiString element) {
        return has(list, from, to, element.array(), element.arrayOffset(), element.arrayOffset() + element.length());
    }

    /** Whether the list has these octets as an element, whatever the case of both. */
    static boolean has(byte[] list, int from, int to, byte[] element, int elementFrom, int elementTo) {
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || list[i] == ',') {
                if (isElement(list, start, i, element, elementFrom, elementTo)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    private static boolean isElement(byte[] list, int from, int to, byte[] element, int elementFrom, int elementTo) {
        int start = from;
        int end = to;
        while (start < end && isBlank(list[start])) {
            start++;
        }
        while (end > start && isBlank(list[end - 1])) {
            end--;
        }
        return end - start == elementTo - elementFrom && isSame(list, start, element, elementFrom, end - start);
    }

    static boolean isSame(byte[] one, int oneFrom, byte[] other, int otherFrom, int length) {
        for (int i = 0; i < length; i++) {
            if (lower(one[oneFrom + i]) != lower(other[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ' ' : octet;
    }
}
