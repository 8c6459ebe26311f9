package io.anycastle.proxy.origin;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The head of an origin's answer, line by line (RFC 9112 sections 4 and 5), and what it says of the body behind it (section 6.3).
 * Whatever cannot be read in one way only is a {@link InvalidAnswerException}. Belongs to one connection.
 */
final class AnswerHead {
    /** HTTP/1.1 200 and whatever follows. */
    private static final int STATUS_AT = 9;

    private static final int REASON_AT = 13;
    private static final int LENGTH_DIGITS_MAX = 18;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final boolean isHttp10;
    private final int status;
    private final String reason;
    private final HttpHeaders fields =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    private String lastName = "";
    private String lastValue = "";
    private boolean isKept;
    private OptionalLong keptSeconds = OptionalLong.empty();

    AnswerHead(String statusLine) {
        boolean isLine = statusLine.length() >= STATUS_AT + 3
                && statusLine.startsWith("HTTP/1.")
                && isDigit(statusLine.charAt(7))
                && statusLine.charAt(8) == ' '
                && (statusLine.length() == STATUS_AT + 3 || statusLine.charAt(STATUS_AT + 3) == ' ');
        if (!isLine) {
            throw new InvalidAnswerException("the status line is none of HTTP/1");
        }
        isHttp10 = statusLine.charAt(7) == '0';
        status = number(statusLine.substring(STATUS_AT, STATUS_AT + 3));
        reason = statusLine.length() > REASON_AT ? text(statusLine.substring(REASON_AT)) : "";
    }

    private static int number(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (!isDigit(digits.charAt(i))) {
                throw new InvalidAnswerException("the status is no number");
            }
        }
        int number = Integer.parseInt(digits);
        if (number < 100) {
            throw new InvalidAnswerException("the status is below 100");
        }
        return number;
    }

    /** Takes one field line, or what continues the one before it: such a fold is undone (RFC 9112 section 5.2). */
    void add(String line) {
        char first = line.charAt(0);
        if (first == ' ' || first == '\t') {
            if (lastName.isEmpty()) {
                throw new InvalidAnswerException("the first field line is folded");
            }
            lastValue = (lastValue + ' ' + text(line.strip())).strip();
            return;
        }
        keepLast();
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw new InvalidAnswerException("a field line has no name");
        }
        // blanks before the colon are taken away, as a proxy must (RFC 9112 section 5.1)
        lastName = line.substring(0, colon).stripTrailing();
        checkName(lastName);
        lastValue = text(line.substring(colon + 1)).strip();
    }

    /** After the last line. */
    void end() {
        keepLast();
        lastName = "";
        isKept = saysKept();
        keptSeconds = saysSeconds();
    }

    private void keepLast() {
        if (!lastName.isEmpty()) {
            fields.add(lastName, lastValue);
        }
    }

    private static void checkName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isToken =
                    isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || TOKEN_MARKS.indexOf(c) >= 0;
            if (!isToken) {
                throw new InvalidAnswerException("a field name is no token");
            }
        }
        if (name.isEmpty()) {
            throw new InvalidAnswerException("a field line has no name");
        }
    }

    private static String text(String octets) {
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7F) {
                throw new InvalidAnswerException("a control character stands in the head");
            }
        }
        return octets;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    int status() {
        return status;
    }

    boolean isHttp10() {
        return isHttp10;
    }

    boolean isInterim() {
        return status < 200 && status != 101;
    }

    InterimResponse interim() {
        return new InterimResponse(status, reason, fields);
    }

    HttpHeaders fields() {
        return fields;
    }

    /** The same for Vert.x. */
    HttpResponse message() {
        return new DefaultHttpResponse(
                isHttp10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status, reason),
                fields);
    }

    /** Whether a body follows that ends by chunks; any other transfer coding is none that the edge can undo. */
    boolean isChunked() {
        List<String> codings = fields.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return false;
        }
        if (isHttp10 || codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
            throw new InvalidAnswerException("the transfer coding is not chunked alone");
        }
        if (fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new InvalidAnswerException("a length stands beside the transfer coding");
        }
        return true;
    }

    /** The length of the body in octets; empty when it lasts until the connection ends. */
    OptionalLong length() {
        List<String> lengths = fields.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = lengths.getFirst();
        boolean isLength = lengths.size() == 1 && !digits.isEmpty() && digits.length() <= LENGTH_DIGITS_MAX;
        for (int i = 0; i < digits.length() && isLength; i++) {
            isLength = isDigit(digits.charAt(i));
        }
        if (!isLength) {
            throw new InvalidAnswerException("the length is not one number");
        }
        return OptionalLong.of(Long.parseLong(digits));
    }

    /** Whether the origin means to take another request on this connection (RFC 9112 section 9.3). */
    boolean isKept() {
        return isKept;
    }

    private boolean saysKept() {
        boolean isClose = false;
        boolean isKeepAlive = false;
        for (String value : fields.getAll(HttpHeaderNames.CONNECTION)) {
            for (String option : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                isClose |= option.strip().equals("close");
                isKeepAlive |= option.strip().equals("keep-alive");
            }
        }
        return !isClose && (!isHttp10 || isKeepAlive);
    }

    /** Takes away what belongs to the origin's connection, and says in Vert.x's words whether that is kept. */
    void settle() {
        for (String value : fields.getAll(HttpHeaderNames.CONNECTION)) {
            for (String option : value.split(",", -1)) {
                String name = option.strip();
                // listing these would strip what the message needs to be understood
                if (!name.equalsIgnoreCase("content-length") && !name.equalsIgnoreCase("connection")) {
                    fields.remove(name);
                }
            }
        }
        fields.set(HttpHeaderNames.CONNECTION, isKept ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        fields.remove("Keep-Alive");
    }

    /** For how many seconds the origin says that it keeps an unused connection; empty when it does not say. */
    OptionalLong keptSeconds() {
        return keptSeconds;
    }

    private OptionalLong saysSeconds() {
        for (String value : fields.getAll("Keep-Alive")) {
            for (String parameter : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = parameter.strip().split("\\s*=\\s*", 2);
                if (parts.length == 2 && parts[0].equals("timeout") && parts[1].matches("\"?[0-9]{1,9}\"?")) {
                    return OptionalLong.of(Long.parseLong(parts[1].replace("\"", "")));
                }
            }
        }
        return OptionalLong.empty();
    }
}
