package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.RequestHead;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tells whether a request target lies below /cdn-cgi/, in any spelling that some server reads so. Pure. */
final class ReservedPath {
    private static final String PREFIX = "/cdn-cgi";

    private ReservedPath() {}

    /** The usual target is looked at where it stands. */
    static boolean covers(RequestHead request) {
        return mayCover(request) && covers(request.target());
    }

    private static boolean mayCover(RequestHead request) {
        int length = request.targetLength();
        char before = ' ';
        for (int i = 0; i < length; i++) {
            char c = request.targetAt(i);
            if (c == '?') {
                break;
            }
            boolean isOdd = c == '%' || c == '\\' || (before == '/' && (c == '.' || c == '/'));
            if (isOdd) {
                return true;
            }
            before = c;
        }
        return length >= PREFIX.length() && (request.targetAt(1) | ' ') == 'c' && request.targetAt(4) == '-';
    }

    static boolean covers(String target) {
        String path = pathOf(target);
        if (isBelow(path)) {
            return true;
        }
        boolean isPlain =
                path.indexOf('%') < 0 && path.indexOf('\\') < 0 && !path.contains("/.") && !path.contains("//");
        return !isPlain && isBelow(resolved(decoded(path)));
    }

    static String pathOf(String target) {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    private static boolean isBelow(String path) {
        return path.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
                && (path.length() == PREFIX.length() || path.charAt(PREFIX.length()) == '/');
    }

    private static String decoded(String path) {
        StringBuilder plain = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(path.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                plain.append((char) (high * 16 + low));
                i += 2;
            } else {
                plain.append(c);
            }
        }
        return plain.toString().replace('\\', '/');
    }

    private static String resolved(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            switch (segment) {
                case "", "." -> {}
                case ".." -> segments.pollLast();
                default -> segments.addLast(segment);
            }
        }
        return "/" + String.join("/", segments);
    }
}
