package io.anycastle.dns.answer;

import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.compile.Prefetch;
import io.anycastle.dns.guard.CookieStatus;
import io.anycastle.dns.guard.GuardEvent;
import io.anycastle.dns.guard.GuardVerdict;
import io.anycastle.dns.guard.Limit;
import io.anycastle.dns.guard.ThreadGuard;
import io.anycastle.dns.steer.Steerer;
import io.anycastle.dns.wire.AnswerWriter;
import io.anycastle.dns.wire.EdnsOptions;
import io.anycastle.dns.wire.QueryReader;
import io.anycastle.dns.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * From a query's octets to its answer's octets: the guard and the duties of the protocol (what is no query, what is refused, EDNS, sizes)
 * around the pure {@link Answerer}. Allocates nothing. One instance per thread, which listeners call: its fields are scratch space.
 */
public final class Responder {
    /** Octets that an answer by a stream may have (RFC 1035 section 4.2.2). */
    public static final int TCP_OCTETS_MAX = 65535;

    /** What stands for the length of an answer that could not be made. */
    public static final int FAULT = -1;

    /** What servers pad answers to (RFC 8467 section 4.1). */
    private static final int PADDING_BLOCK_OCTETS = 468;

    private final QueryReader query = new QueryReader();
    private final AnswerWriter writer;
    private final Steerer steerer;
    private final Answerer answerer;
    private final NodeAnswers node;
    private final Prefetch prefetch;
    private final byte[] keepalive = new byte[2];
    private final ThreadGuard threadGuard;
    private final DnsCounters.Lane counters;
    private final Faults faults;
    private final int payloadMax;
    private final boolean cookiesRequired;

    /**
     * @param counters this thread's own
     */
    public Responder(ServiceParts service, DnsCounters.Lane counters) {
        payloadMax = service.config().udp().payloadMax();
        cookiesRequired = service.config().guard().cookies().required();
        writer = new AnswerWriter(query, payloadMax);
        steerer = new Steerer(service.steering());
        faults = service.faults();
        answerer = new Answerer(service.table(), query, writer, steerer, faults);
        prefetch = new Prefetch(service.table(), service.config().udp().batch());
        node = new NodeAnswers(service.config().identity(), query, writer);
        threadGuard = new ThreadGuard(service.guard(), query.name(), counters);
        this.counters = counters;
    }

    /**
     * Responds to a message. Throws nothing: a fault of our own costs this query alone, since the next begins anew in everything that is
     * kept here. While records are looked for it is answered with SERVFAIL, unless it is the JVM's.
     *
     * @param message the query in its first {@code length} octets
     * @param source who sent it
     * @param out takes the answer: over UDP at least the largest payload or the query's length, else {@link #TCP_OCTETS_MAX}
     * @return the answer's length, 0 for silence, {@link #FAULT} where there is none by our own fault
     */
    public int respond(byte[] message, int length, QuerySource source, byte[] out) {
        try {
            return answer(message, length, source, out);
        } catch (RuntimeException | Error e) {
            faults.tell(e);
            return FAULT;
        }
    }

    private int answer(byte[] message, int length, QuerySource source, byte[] out) {
        Transport transport = source.transport();
        QueryReader.Form form = query.read(message, length);
        if (form == QueryReader.Form.NO_QUERY) {
            counters.silent(transport);
            return 0;
        }
        boolean datagram = transport.isDatagram();
        CookieStatus cookie = threadGuard.look(message, query.options(), source.isIpv6(), source.high(), source.low());
        Outcome outcome = refusal(form, cookie, datagram && cookiesRequired);
        GuardVerdict verdict = threadGuard.admit(datagram, outcome != null);
        if (verdict == GuardVerdict.WITHHOLD) {
            return 0;
        }
        writer.begin(out, datagram ? Math.min(query.payloadSize(), payloadMax) : TCP_OCTETS_MAX);
        addOptions(source);
        if (cookie.isAnswered()) {
            writer.addOption(EdnsOptions.COOKIE, threadGuard.cookie(), 0, threadGuard.cookie().length);
        }
        if (outcome == Outcome.KEY_UNKNOWN) {
            writer.refuseKey();
        }
        if (verdict == GuardVerdict.SHORTEN) {
            return finish(shortened(outcome, cookie), transport);
        }
        long subject = 0;
        if (outcome == null) {
            outcome = node.answer(source);
        }
        if (outcome == null) {
            outcome = answer(source);
            subject = answerer.subject(outcome);
        }
        return switch (threadGuard.judge(limit(outcome), subject)) {
            case SEND -> finish(outcome, transport);
            case SHORTEN -> finish(shortened(outcome, cookie), transport);
            case WITHHOLD -> 0;
        };
    }

    private int finish(Outcome outcome, Transport transport) {
        Outcome end = outcome;
        if (!transport.isDatagram() && writer.isTruncated()) {
            writer.rewind(); // TC would send the asker where it came from
            end = Outcome.FAILED;
        }
        if (end == Outcome.BAD_COOKIE) {
            counters.count(GuardEvent.COOKIES_REFUSED);
        }
        counters.answered(transport, end.rcode(), writer.isTruncated());
        return writer.finish(end.rcode(), end.isAuthoritative());
    }

    /**
     * The question with TC, or with BADCOOKIE for a client that then comes back with a good cookie, which costs both less than TCP. An
     * error is short as it is, and has the cookie too.
     */
    private Outcome shortened(@Nullable Outcome outcome, CookieStatus cookie) {
        if (outcome != null && limit(outcome) == Limit.ERRORS) {
            return outcome;
        }
        if (cookie.isAnswered()) {
            writer.rewind();
            return Outcome.BAD_COOKIE;
        }
        writer.truncate();
        return Outcome.SHORTENED;
    }

    private static Limit limit(Outcome outcome) {
        return switch (outcome) {
            case FOUND, ALIASED, ALIASED_AWAY, NAME_TOO_LONG -> Limit.ANSWERS;
            case NO_DATA, NO_NAME -> Limit.NEGATIVES;
            case DELEGATED -> Limit.REFERRALS;
            case SILENT, MALFORMED, FAILED, NOT_IMPLEMENTED, KEY_UNKNOWN, BAD_VERSION, BAD_COOKIE -> Limit.ERRORS;
            case COOKIE, REFUSED, SHORTENED -> Limit.ERRORS;
        };
    }

    /** Looks at the clock; drivers call it before each batch of messages that came together. */
    public void beginBatch() {
        threadGuard.beginBatch();
    }

    /** Takes up a query of the batch that is about to be answered; see {@link Prefetch}. */
    public void foresee(byte[] message, int length) {
        prefetch.note(message, Wire.HEADER_OCTETS, length);
    }

    /** Where drivers tell what goes wrong around it. */
    public Faults faults() {
        return faults;
    }

    /** What it foresees by. */
    public Prefetch prefetch() {
        return prefetch;
    }

    /** What the query wants to know beside its question. */
    private void addOptions(QuerySource source) {
        EdnsOptions options = query.options();
        node.addNsid();
        if (options.hasTcpKeepalive() && source.idleTenths() > 0) {
            Wire.putU16(keepalive, 0, source.idleTenths());
            writer.addOption(EdnsOptions.TCP_KEEPALIVE, keepalive, 0, keepalive.length);
        }
        if (options.hasPadding() && source.transport().isEncrypted()) {
            writer.padTo(PADDING_BLOCK_OCTETS);
        }
    }

    private Outcome answer(QuerySource source) {
        steerer.begin(source.isIpv6(), source.high(), source.low());
        EdnsOptions options = query.options();
        boolean isSubnetRepeated = steerer.takeSubnet(query.message(), options);
        if (isSubnetRepeated) {
            writer.addOption(EdnsOptions.CLIENT_SUBNET, query.message(), options.subnetAt(), options.subnetLength());
        }
        Outcome outcome = answerer.answer();
        if (outcome == Outcome.NO_NAME) {
            answerer.tellDenial(threadGuard);
        }
        if (isSubnetRepeated) {
            writer.setSubnetScope(steerer.scope());
        }
        return outcome;
    }

    /** What the message gets without a look at its name; null when there is a question to answer. */
    private static @Nullable Outcome refusal(QueryReader.Form form, CookieStatus cookie, boolean goodCookieRequired) {
        return switch (form) {
            case NO_QUERY -> Outcome.SILENT;
            case MALFORMED -> Outcome.MALFORMED;
            case OTHER_OPCODE -> Outcome.NOT_IMPLEMENTED;
            case EDNS_VERSION -> Outcome.BAD_VERSION;
            case SIGNED -> Outcome.KEY_UNKNOWN;
            case COOKIE_ALONE ->
                switch (cookie) {
                    case NONE, MALFORMED -> Outcome.MALFORMED;
                    case INVALID -> Outcome.BAD_COOKIE;
                    case CLIENT_ONLY, VALID -> Outcome.COOKIE;
                };
            case QUESTION ->
                switch (cookie) {
                    case NONE, VALID -> null;
                    case MALFORMED -> Outcome.MALFORMED;
                    case INVALID, CLIENT_ONLY -> goodCookieRequired ? Outcome.BAD_COOKIE : null;
                };
        };
    }
}
