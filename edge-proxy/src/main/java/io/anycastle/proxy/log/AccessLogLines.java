package io.anycastle.proxy.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The access log of one event loop: takes its requests' lines and hands them on, many at once. Belongs to the loop.
 *
 * <p>A line is a JSON object. Each member is begun by its name.
 */
public final class AccessLogLines {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    /** The members of a line, as they are written in front of their values. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody writes into the texts
    public enum Member {
        TIME,
        RAY,
        NODE,
        COLO,
        CLIENT,
        COUNTRY,
        ASN,
        SCHEME,
        METHOD,
        HOST,
        PATH,
        PROTOCOL,
        TLS,
        STATUS,
        ERROR,
        BYTES,
        BYTES_IN,
        DURATION_MS,
        ORIGIN,
        ORIGIN_PROTOCOL,
        CONNECT_MS,
        FIRST_BYTE_MS,
        USER_AGENT,
        REFERER,
        TRACEPARENT;

        private final byte[] first;
        private final byte[] next;

        Member() {
            String json = "\"" + name().toLowerCase(Locale.ROOT) + "\":";
            first = ("{" + json).getBytes(StandardCharsets.US_ASCII);
            next = ("," + json).getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static final byte[] END = {'}'};

    private Supplier<LogChunk> empty;
    private Consumer<LogChunk> taker;
    private LogChunk chunk;
    private boolean isFirst = true;
    private long second = Long.MIN_VALUE;
    private String secondText = "";

    public AccessLogLines(AccessLogWriter writer) {
        this(writer::take, writer::give);
    }

    /**
     * @param empty chunks to fill
     * @param taker takes full ones
     */
    AccessLogLines(Supplier<LogChunk> empty, Consumer<LogChunk> taker) {
        this.empty = empty;
        this.taker = taker;
        this.chunk = empty.get();
    }

    /** Hands over what has been collected, and lets lines go to another writer, or nowhere, from now on. Not within a line. */
    public void redirect(Optional<AccessLogWriter> writer) {
        flush();
        if (writer.isPresent()) {
            empty = writer.get()::take;
            taker = writer.get()::give;
        } else {
            empty = LogChunk::new;
            taker = dropped -> {};
        }
    }

    private void begin(Member member) {
        chunk.raw(isFirst ? member.first : member.next);
        isFirst = false;
    }

    public AccessLogLines text(Member member, CharSequence value) {
        begin(member);
        chunk.text(value);
        return this;
    }

    /** A text of octets, each a character of ISO 8859-1. */
    public AccessLogLines text(Member member, byte[] octets, int from, int to) {
        begin(member);
        chunk.text(octets, from, to);
        return this;
    }

    public AccessLogLines number(Member member, long value) {
        begin(member);
        chunk.number(value);
        return this;
    }

    /** Nanoseconds, told as milliseconds with three decimals. */
    public AccessLogLines millis(Member member, long nanos) {
        begin(member);
        chunk.thousandths(Math.max(0, nanos / 1000));
        return this;
    }

    /** A time, as RFC 3339 has it. */
    public AccessLogLines time(Member member, long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            second = now;
            secondText = SECOND.format(Instant.ofEpochSecond(now));
        }
        begin(member);
        chunk.time(secondText, (int) Math.floorMod(epochMillis, 1000L));
        return this;
    }

    /** Ends the line. */
    public void end() {
        chunk.raw(END);
        chunk.endLine();
        isFirst = true;
        if (chunk.isFull()) {
            flush();
        }
    }

    /** Hands over what has been collected. */
    public void flush() {
        if (chunk.lines() > 0) {
            taker.accept(chunk);
            chunk = empty.get();
        }
    }
}
