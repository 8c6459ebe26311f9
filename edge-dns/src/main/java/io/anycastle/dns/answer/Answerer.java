package io.anycastle.dns.answer;

import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.NameAnswers;
import io.anycastle.dns.compile.NameAnswers.Alias;
import io.anycastle.dns.compile.NameAnswers.Proxying;
import io.anycastle.dns.compile.Referral;
import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.compile.ZoneAnswers;
import io.anycastle.dns.guard.Sentry;
import io.anycastle.dns.steer.Steerer;
import io.anycastle.dns.wire.AnswerWriter;
import io.anycastle.dns.wire.AnswerWriter.Section;
import io.anycastle.dns.wire.QueryReader;
import io.anycastle.dns.wire.Wire;
import io.anycastle.dns.wire.WireName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a question to the sections of its answer (RFC 1034 section 4.3.2); who asks, and how, is not its business. Allocates nothing. One
 * instance per thread: its fields are scratch space.
 */
final class Answerer {
    private static final Logger LOG = LoggerFactory.getLogger(Answerer.class);
    private static final int FAULTS_LOGGED_MAX = 10;
    private static final int ALIASES_MAX = 8;

    /** {@code HINFO "RFC8482" ""} (RFC 8482 section 4.2), for an hour. */
    private static final byte[] ANY_ANSWER = {
        (byte) 0xc0, 12, 0, 13, 0, 1, 0, 0, 0x0e, 0x10, 0, 9, 7, 'R', 'F', 'C', '8', '4', '8', '2', 0
    };

    private final AnswerTable.Reader table;
    private final Search search;
    private final Flattened flattened;
    private final QueryReader query;
    private final AnswerWriter writer;
    private final Steerer steerer;
    private final WireName target = new WireName();
    private final byte[][] followed = new byte[ALIASES_MAX][];
    private int aliases;
    private int nameAt;
    private int turn;
    private int faults;

    /**
     * @param query holds the question
     * @param writer takes the records
     * @param steerer knows the edge's addresses
     */
    Answerer(AnswerTable answers, QueryReader query, AnswerWriter writer, Steerer steerer) {
        table = answers.reader();
        search = new Search(table, answers.hash());
        flattened = new Flattened(table, new Search(table, answers.hash()));
        this.query = query;
        this.writer = writer;
        this.steerer = steerer;
    }

    /** Writes the sections from one version of the table: when that changed meanwhile, it starts over. */
    Outcome answer() {
        Outcome outcome;
        do {
            table.begin();
            writer.rewind();
            outcome = solveOrFail();
        } while (table.isStale());
        return outcome;
    }

    /**
     * What the last answer was about, as a hash: the name and type that had records, the zone that said no, the delegated name. All names
     * that one wildcard makes are one subject, and so are all that a zone does not have.
     */
    long subject(Outcome outcome) {
        return switch (outcome) {
            case FOUND, ALIASED, ALIASED_AWAY -> search.encloserHash() + query.type();
            case NO_DATA, NO_NAME -> search.zoneHash();
            case DELEGATED -> search.encloserHash();
            case SILENT, MALFORMED, FAILED, NOT_IMPLEMENTED, BAD_VERSION, BAD_COOKIE, COOKIE, REFUSED, SHORTENED -> 0;
        };
    }

    /** Tells the guard of a name that does not exist; only after {@link Outcome#NO_NAME}. */
    void tellDenial(Sentry sentry) {
        ZoneAnswers zone = search.zone();
        if (zone != null) {
            sentry.denied(search.zoneHash(), search.nameHash(), zone.apexName());
        }
    }

    /** A fault costs the one query that shows it, and is told a few times only: whoever can cause it could fill the log. */
    private Outcome solveOrFail() {
        try {
            return solve();
        } catch (RuntimeException e) {
            if (faults++ < FAULTS_LOGGED_MAX) {
                LOG.error("a query of type {} could not be answered", query.type(), e);
            }
            writer.rewind();
            return Outcome.FAILED;
        }
    }

    private Outcome solve() {
        int type = query.type();
        if (query.queryClass() != Wire.CLASS_IN || type == Wire.TYPE_AXFR || type == Wire.TYPE_IXFR) {
            return Outcome.REFUSED;
        }
        nameAt = Wire.HEADER_OCTETS;
        aliases = 0;
        Outcome outcome = lookUp(query.name(), type);
        while (outcome == Outcome.ALIASED) {
            outcome = aliases < followed.length ? lookUp(target, type) : Outcome.ALIASED_AWAY;
        }
        return outcome;
    }

    /** One round of RFC 1034 section 4.3.2: the question's name first, then each alias's target. */
    private Outcome lookUp(WireName name, int type) {
        NameAnswers found = search.run(name, type);
        ZoneAnswers zone = search.zone();
        boolean alias = nameAt != Wire.HEADER_OCTETS;
        if (zone == null) {
            return alias ? Outcome.ALIASED_AWAY : Outcome.REFUSED;
        }
        Referral referral = search.referral();
        if (referral != null) {
            return alias ? Outcome.ALIASED_AWAY : delegate(zone, referral);
        }
        Outcome outcome = found == null ? Outcome.NO_NAME : fromName(zone, found, type);
        if (outcome == Outcome.NO_NAME || outcome == Outcome.NO_DATA) {
            deny(zone, name);
        }
        return outcome;
    }

    private Outcome fromName(ZoneAnswers zone, NameAnswers at, int type) {
        if (type == Wire.TYPE_ANY) {
            writer.appendOwned(Section.ANSWER, ANY_ANSWER, 1, nameAt);
            return Outcome.FOUND;
        }
        RrSet set;
        boolean address = type == Wire.TYPE_A || type == Wire.TYPE_AAAA;
        Alias alias = at.alias();
        if (isEdge(zone, at) && (address || alias != null)) {
            set = address ? edge(at, type) : type == Wire.TYPE_CNAME ? null : at.set(type);
            alias = null;
        } else {
            set = at.set(type);
        }
        if (set != null) {
            append(set);
            return Outcome.FOUND;
        }
        if (alias == null) {
            return Outcome.NO_DATA;
        }
        if (address && alias.isFlattenedIn(zone)) {
            return flatten(alias, type);
        }
        return alias.isHidden() ? Outcome.NO_DATA : follow(alias);
    }

    /** The addresses at the CNAME's end, as if they stood here; questions for other types see the CNAME. */
    private Outcome flatten(Alias alias, int type) {
        return switch (flattened.find(alias, type)) {
            case FOUND -> appendFlattened(flattened.found());
            case EDGE -> appendFlattened(edge(flattened.edge(), type));
            case NONE -> Outcome.NO_DATA;
            case SHOWN -> alias.isHidden() ? unknown() : follow(alias);
            case UNKNOWN -> unknown();
        };
    }

    private Outcome appendFlattened(@Nullable RrSet addresses) {
        if (addresses == null) {
            return Outcome.NO_DATA;
        }
        int recordsAt = writer.position();
        append(addresses);
        writer.limitTtl(recordsAt, flattened.ttlSeconds());
        return Outcome.FOUND;
    }

    private Outcome unknown() {
        writer.rewind();
        return Outcome.FAILED;
    }

    private boolean isEdge(ZoneAnswers zone, NameAnswers at) {
        return at.proxying() != Proxying.NO && table.isProxying(zone);
    }

    private @Nullable RrSet edge(NameAnswers at, int type) {
        Proxying other = type == Wire.TYPE_A ? Proxying.IPV6_ONLY : Proxying.IPV4_ONLY;
        return at.proxying() == other ? null : steerer.addresses(type);
    }

    private void append(RrSet set) {
        if (nameAt != Wire.HEADER_OCTETS) {
            writer.appendOwned(Section.ANSWER, set.plain(), set.count(), nameAt);
        } else if (set.stride() == 0) {
            writer.append(Section.ANSWER, set.compact(), set.count());
        } else {
            turn = turn + 1 & 0xffff;
            writer.appendTurned(set.compact(), set.count(), turn % set.count() * set.stride());
        }
    }

    @SuppressWarnings("ReferenceEquality") // one alias, one array; comparing octets would say no more
    private Outcome follow(Alias alias) {
        for (int i = 0; i < aliases; i++) {
            if (followed[i] == alias.target()) {
                return Outcome.ALIASED_AWAY; // a loop; what is written tells it all
            }
        }
        followed[aliases++] = alias.target();
        int recordAt = writer.position();
        append(alias.set());
        if (writer.isTruncated()) {
            return Outcome.ALIASED_AWAY;
        }
        nameAt = recordAt + 12; // the target's name, for the next owner to point to
        target.set(alias.target());
        return Outcome.ALIASED;
    }

    /** The SOA in authority (RFC 2308 section 3): its owner is part of the name, wherever that lies in the message. */
    private void deny(ZoneAnswers zone, WireName name) {
        if (nameAt == Wire.HEADER_OCTETS) {
            int zoneAt = nameAt + name.labelAt(search.zoneLabel());
            writer.appendMoved(Section.AUTHORITY, zone.negative(), zone.negativePointersAt(), zoneAt);
        } else {
            writer.appendSpelled(zone.apexName(), zone.negative(), zone.negativePointersAt());
        }
    }

    /** The child's name servers, and their addresses as far as the zone has them (RFC 1034 section 4.3.2 step 3b, RFC 9471). */
    private Outcome delegate(ZoneAnswers zone, Referral referral) {
        int cutAt = Wire.HEADER_OCTETS + query.name().labelAt(search.referralLabel());
        int serversAt = writer.position();
        RrSet servers = referral.servers();
        writer.appendOwned(Section.AUTHORITY, servers.plain(), servers.count(), cutAt);
        for (int i = 0; i < referral.hosts().size(); i++) {
            target.set(referral.hosts().get(i));
            NameAnswers host = search.glue(target);
            if (host != null) {
                int hostAt = serversAt + referral.hostAt().get(i);
                glue(isEdge(zone, host) ? edge(host, Wire.TYPE_A) : host.set(Wire.TYPE_A), hostAt);
                glue(isEdge(zone, host) ? edge(host, Wire.TYPE_AAAA) : host.set(Wire.TYPE_AAAA), hostAt);
            }
        }
        return Outcome.DELEGATED;
    }

    private void glue(@Nullable RrSet addresses, int hostAt) {
        if (addresses != null) {
            writer.appendOwned(Section.ADDITIONAL, addresses.plain(), addresses.count(), hostAt);
        }
    }
}
