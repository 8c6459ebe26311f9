package io.anycastle.proxy.reply;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as a Date field has it (RFC 9110 section 5.6.7), written once a second. Any thread. */
public final class HttpDate {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static volatile Second last = new Second(Long.MIN_VALUE, "");

    private record Second(long epoch, String text) {}

    private HttpDate() {}

    public static String now() {
        Instant now = Instant.now();
        Second second = last;
        if (second.epoch() != now.getEpochSecond()) {
            second = new Second(now.getEpochSecond(), FORM.format(now));
            last = second;
        }
        return second.text();
    }
}
