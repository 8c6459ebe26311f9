package io.anycastle.proxy.reply;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as a Date field has it (RFC 9110 section 5.6.7), written once a second. Any thread. */
public final class HttpDate {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static volatile Second last = new Second(Long.MIN_VALUE, "", AsciiString.EMPTY_STRING);

    private record Second(long epoch, String text, AsciiString octets) {}

    private HttpDate() {}

    public static String now() {
        return second().text();
    }

    /** The same as octets. */
    public static AsciiString nowOctets() {
        return second().octets();
    }

    private static Second second() {
        long epoch = System.currentTimeMillis() / 1000;
        Second second = last;
        if (second.epoch() != epoch) {
            String text = FORM.format(Instant.ofEpochSecond(epoch));
            second = new Second(epoch, text, new AsciiString(text));
            last = second;
        }
        return second;
    }
}
