package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.ExternalTargets;
import io.anycastle.dns.compile.PartialHosts;
import io.anycastle.dns.compile.ZoneCompiler;
import io.anycastle.dns.guard.Guard;
import io.anycastle.dns.steer.CurrentSteering;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Puts queries straight to a responder and tells its answers in one line. */
public final class Asking {
    public static final AnswerConfig CONFIG = AnswerConfig.DEFAULTS.withEdge(
            List.of((Inet4Address) InetAddress.ofLiteral("198.51.100.1"), (Inet4Address)
                    InetAddress.ofLiteral("198.51.100.2")),
            List.of((Inet6Address) InetAddress.ofLiteral("2001:db8::1")));

    public final CurrentView view = new CurrentView();
    public final AnswerTable table;
    public final DnsCounters counters = new DnsCounters();
    public final Guard guard;
    public final Responder responder;

    public Asking(AnswerConfig config, ZoneState... zones) {
        this(config, new ExternalTargets(), InstantSource.system(), zones);
    }

    public Asking(AnswerConfig config, ExternalTargets outside, InstantSource clock, ZoneState... zones) {
        this(DnsConfig.DEFAULTS.withAnswers(config), outside, clock, zones);
    }

    public Asking(DnsConfig config, InstantSource clock, ZoneState... zones) {
        this(config, new ExternalTargets(), clock, zones);
    }

    private Asking(DnsConfig config, ExternalTargets outside, InstantSource clock, ZoneState... zones) {
        table = AnswerTable.empty(clock);
        view.follow(new PartialHosts(
                new ZoneCompiler(table, config.answers(), outside),
                config.answers().partialSuffix()));
        guard = new Guard(config.guard(), clock);
        ServiceParts parts =
                new ServiceParts(config, table, CurrentSteering.anycast(config.answers()), counters, guard);
        responder = new Responder(parts, counters.lane());
        for (ZoneState zone : zones) {
            view.update(zone, zone.names().keySet());
        }
    }

    public Asking(ZoneState... zones) {
        this(CONFIG, zones);
    }

    public static Message query(String name, String type) {
        try {
            Message query = Message.newQuery(
                    Record.newRecord(Name.fromString(name, Name.root), Type.value(type, true), DClass.IN));
            query.getHeader().setID(4711);
            return query;
        } catch (TextParseException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Message ask(Message query) {
        return ask(query.toWire(), Transport.UDP);
    }

    public Message ask(String name, String type) {
        return ask(query(name, type));
    }

    /** The answer; at least twelve octets are asserted. */
    public Message ask(byte[] query, Transport transport) {
        try {
            byte[] answer = raw(query, transport);
            assertThat(answer).hasSizeGreaterThanOrEqualTo(12);
            return new Message(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer's octets; empty for silence. */
    public byte[] raw(byte[] query, Transport transport) {
        return raw(query, from(transport));
    }

    /** The answer's octets to a client that is looked at with the time now. */
    public byte[] raw(byte[] query, QuerySource source) {
        byte[] out = new byte[Responder.TCP_OCTETS_MAX];
        responder.beginBatch();
        return Arrays.copyOf(out, responder.respond(query, query.length, source, out));
    }

    /** A client at a loopback address, which has no limits. */
    static QuerySource from(Transport transport) {
        return from(transport, "127.0.0.53");
    }

    static QuerySource from(Transport transport, String address) {
        QuerySource source = new QuerySource(transport);
        source.set(InetAddress.ofLiteral(address), 4242);
        return source;
    }

    /** The answer in one line: {@code NOERROR aa | answer | authority | additional}, records without TTL and class. */
    public String told(String name, String type) {
        return tell(ask(name, type));
    }

    public static String tell(Message answer) {
        String flags = answer.getHeader().getFlag(Flags.AA) ? " aa" : "";
        flags += answer.getHeader().getFlag(Flags.TC) ? " tc" : "";
        return (Rcode.string(answer.getRcode()) + flags + " | "
                        + section(answer, Section.ANSWER) + " | "
                        + section(answer, Section.AUTHORITY) + " | "
                        + section(answer, Section.ADDITIONAL))
                .replaceAll(" +", " ")
                .strip();
    }

    private static String section(Message answer, int section) {
        return answer.getSection(section).stream()
                .filter(r -> r.getType() != Type.OPT)
                .map(r -> r.getType() == Type.SOA
                        ? r.getName() + " SOA"
                        : r.getName() + " " + Type.string(r.getType()) + " " + r.rdataToString())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
