package io.anycastle.dns.answer;

import io.anycastle.core.view.CnameFlattening;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.Elsewhere;
import io.anycastle.dns.compile.Elsewhere.Alias;
import io.anycastle.dns.compile.Elsewhere.Redirection;
import io.anycastle.dns.compile.Elsewhere.Referral;
import io.anycastle.dns.compile.NameAnswers;
import io.anycastle.dns.compile.NameAnswers.Proxying;
import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.compile.ZoneAnswers;
import io.anycastle.dns.guard.ThreadGuard;
import io.anycastle.dns.steer.Steerer;
import io.anycastle.dns.wire.AnswerWriter;
import io.anycastle.dns.wire.AnswerWriter.Section;
import io.anycastle.dns.wire.QueryReader;
import io.anycastle.dns.wire.Wire;
import io.anycastle.dns.wire.WireName;
import org.jspecify.annotations.Nullable;

/**
 * From a question to the sections of its answer (RFC 1034 section 4.3.2); who asks, and how, is not its business. Allocates nothing. One
 * instance per thread: its fields are scratch space.
 */
final class Answerer {
    private static final int ALIASES_MAX = CnameFlattening.ALIASES_MAX;

    /** How many hosts of an answer are looked up at most, to add their addresses. */
    private static final int HOSTS_MAX = 100;

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
    private final Faults faults;
    private final WireName target = new WireName();
    private final WireName host = new WireName();

    /** Where the question's name and those that aliases led to lie in the message, the one that is looked up now last. */
    private final int[] owners = new int[1 + ALIASES_MAX];

    /** Those that the answer holds: one that applies again stands once (RFC 2181 section 5). */
    private final @Nullable Redirection[] redirections = new Redirection[1 + ALIASES_MAX];

    private int aliases;
    private int redirected;
    private int nameAt;
    private int turn;
    private @Nullable RuntimeException fault;

    /**
     * @param query holds the question
     * @param writer takes the records
     * @param steerer knows the edge's addresses
     * @param faults is told of what goes wrong
     */
    Answerer(AnswerTable answers, QueryReader query, AnswerWriter writer, Steerer steerer, Faults faults) {
        table = answers.reader();
        search = new Search(table, answers.hash());
        flattened = new Flattened(table, new Search(table, answers.hash()));
        this.query = query;
        this.writer = writer;
        this.steerer = steerer;
        this.faults = faults;
    }

    /**
     * Writes the sections from one version of the table: when that changed meanwhile, it starts over, whatever came of it. A fault costs
     * the one query that shows it.
     */
    Outcome answer() {
        Outcome outcome;
        do {
            table.begin();
            writer.rewind();
            fault = null;
            outcome = solveOrFail();
        } while (table.isStale());
        if (fault != null) {
            faults.tell(fault);
            fault = null;
        }
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
            case DELEGATED, NAME_TOO_LONG -> search.encloserHash();
            case SILENT, MALFORMED, FAILED, NOT_IMPLEMENTED, KEY_UNKNOWN, BAD_VERSION, BAD_COOKIE -> 0;
            case COOKIE, REFUSED, SHORTENED -> 0;
        };
    }

    /** Tells the guard of a name that does not exist; only after {@link Outcome#NO_NAME}. */
    void tellDenial(ThreadGuard threadGuard) {
        ZoneAnswers zone = search.zone();
        if (zone != null) {
            threadGuard.denied(search.zoneHash(), search.nameHash(), zone.apexName());
        }
    }

    private Outcome solveOrFail() {
        try {
            return solve();
        } catch (RuntimeException e) {
            fault = e;
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
        owners[0] = nameAt;
        aliases = 0;
        redirected = 0;
        Outcome outcome = lookUp(query.name(), type);
        while (outcome == Outcome.ALIASED) {
            outcome = lookUp(target, type);
        }
        return outcome;
    }

    private boolean isAlias() {
        return aliases > 0;
    }

    /** One round of RFC 1034 section 4.3.2: the question's name first, then each alias's target. */
    private Outcome lookUp(WireName name, int type) {
        NameAnswers found = search.run(name, type);
        ZoneAnswers zone = search.zone();
        if (zone == null) {
            return isAlias() ? Outcome.ALIASED_AWAY : Outcome.REFUSED;
        }
        Elsewhere passed = search.passed();
        if (passed instanceof Referral referral) {
            return delegate(zone, referral.servers(), name);
        }
        if (passed instanceof Redirection redirection) {
            return redirect(redirection, name, type);
        }
        Outcome outcome = found == null ? Outcome.NO_NAME : fromName(zone, found, name, type);
        if (outcome == Outcome.NO_NAME || outcome == Outcome.NO_DATA) {
            deny(zone, name);
        }
        return outcome;
    }

    private Outcome fromName(ZoneAnswers zone, NameAnswers at, WireName name, int type) {
        Alias alias = at.elsewhere() instanceof Alias there ? there : null;
        boolean edge = isEdge(zone, at);
        if (type == Wire.TYPE_ANY) {
            return at == NameAnswers.EMPTY_NON_TERMINAL ? Outcome.NO_DATA : any(edge ? null : alias);
        }
        boolean address = type == Wire.TYPE_A || type == Wire.TYPE_AAAA;
        RrSet set;
        if (edge && (address || alias != null)) {
            set = address ? edge(at, type) : type == Wire.TYPE_CNAME ? null : at.setWhileProxying(type);
            alias = null;
        } else {
            set = table.isProxying(zone) ? at.setWhileProxying(type) : at.set(type);
        }
        if (set == null && type == Wire.TYPE_HTTPS && edge) {
            set = table.https(zone, at, name);
        }
        if (set != null) {
            answer(zone, at, set);
            return Outcome.FOUND;
        }
        boolean liesBesideAlias = type == Wire.TYPE_RRSIG || type == Wire.TYPE_NSEC; // RFC 4034 sections 3 and 4
        if (alias == null || liesBesideAlias) {
            return Outcome.NO_DATA;
        }
        if (address && alias.isFlattenedIn(zone)) {
            return flatten(alias, type);
        }
        return alias.isHidden() ? Outcome.NO_DATA : follow(alias);
    }

    /** A DNAME that led to its own owner stands in the answer already. */
    private void answer(ZoneAnswers zone, NameAnswers at, RrSet set) {
        boolean isThere = set.type() == Wire.TYPE_DNAME
                && !search.isSynthesized()
                && at.elsewhere() instanceof Redirection redirection
                && !isNew(redirection);
        if (!isThere) {
            int recordsAt = writer.position();
            append(set);
            addHosts(zone, at, set, recordsAt);
        }
    }

    /** As little as there can be (RFC 8482): the CNAME where one is seen (section 4.1), else a record made for it (section 4.2). */
    private Outcome any(@Nullable Alias alias) {
        if (alias != null && !alias.isHidden()) {
            append(alias.set());
        } else {
            writer.appendOwned(Section.ANSWER, ANY_ANSWER, 1, nameAt);
        }
        return Outcome.FOUND;
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

    /** Copies what was compiled for this very question; names in the data of what was not are compressed on the way. */
    private void append(RrSet set) {
        if ((isAlias() || search.isSynthesized()) && Wire.compressibleNames(set.type()) > 0) {
            writer.appendCompressed(Section.ANSWER, set.plain(), set.count(), nameAt);
        } else if (isAlias()) {
            writer.appendOwned(Section.ANSWER, set.plain(), set.count(), nameAt);
        } else if (set.stride() == 0) {
            writer.append(Section.ANSWER, set.compact(), set.count());
        } else {
            turn = turn + 1 & 0xffff;
            writer.appendTurned(set.compact(), set.count(), turn % set.count() * set.stride());
        }
    }

    private Outcome follow(Alias alias) {
        int recordAt = writer.position();
        append(alias.set());
        if (writer.isTruncated()) {
            return Outcome.ALIASED_AWAY;
        }
        target.set(alias.target());
        writer.know(recordAt + AnswerWriter.RECORD_OCTETS, target);
        return goOn(recordAt);
    }

    /** DNAME: the record itself, a CNAME made of it, and on with the new name (RFC 6672 section 3.2). */
    private Outcome redirect(Redirection redirection, WireName name, int type) {
        boolean isNew = isNew(redirection);
        int recordAt = writer.position();
        if (isNew) {
            redirections[redirected++] = redirection;
            int ownerAt = writer.labelAt(nameAt, search.passedLabel());
            writer.appendOwned(Section.ANSWER, redirection.set().plain(), 1, ownerAt);
        }
        if (!target.substitute(name, search.passedLabel(), redirection.target())) {
            return Outcome.NAME_TOO_LONG;
        }
        if (writer.isTruncated()) {
            return Outcome.ALIASED_AWAY;
        }
        if (isNew) {
            host.set(redirection.target());
            writer.know(recordAt + AnswerWriter.RECORD_OCTETS, host);
        }
        int aliasAt = writer.position();
        writer.appendAlias(nameAt, redirection.set().plain(), target);
        if (writer.isTruncated() || redirection.isInward()) {
            return Outcome.ALIASED_AWAY;
        }
        return type == Wire.TYPE_CNAME ? Outcome.FOUND : goOn(aliasAt);
    }

    @SuppressWarnings("ReferenceEquality") // the table has one of each at one version
    private boolean isNew(Redirection redirection) {
        for (int i = 0; i < redirected; i++) {
            if (redirections[i] == redirection) {
                return false;
            }
        }
        return true;
    }

    /** With the target of the CNAME at that offset, unless it was asked for already or it is one too many. */
    private Outcome goOn(int recordAt) {
        if (aliases == ALIASES_MAX) {
            return Outcome.ALIASED_AWAY;
        }
        for (int i = 0; i <= aliases; i++) {
            if (writer.isNameAt(owners[i], target)) {
                return Outcome.ALIASED_AWAY; // a circle; what is written tells it all
            }
        }
        nameAt = writer.labelAt(recordAt + AnswerWriter.RECORD_OCTETS, 0);
        owners[++aliases] = nameAt;
        return Outcome.ALIASED;
    }

    /** The SOA in authority (RFC 2308 section 3): its owner is part of the name, wherever that lies in the message. */
    private void deny(ZoneAnswers zone, WireName name) {
        if (isAlias()) {
            int zoneAt = writer.labelAt(nameAt, search.zoneLabel());
            writer.appendCompressed(Section.AUTHORITY, zone.negativePlain(), 1, zoneAt);
        } else {
            int zoneAt = nameAt + name.labelAt(search.zoneLabel());
            writer.appendMoved(Section.AUTHORITY, zone.negative(), zone.negativePointersAt(), zoneAt);
        }
    }

    /** The child's name servers (RFC 1034 section 4.3.2 step 3b); first the addresses that nobody else has (RFC 9471 section 3). */
    private Outcome delegate(ZoneAnswers zone, RrSet servers, WireName name) {
        int label = search.passedLabel();
        int serversAt = writer.position();
        writer.appendCompressed(Section.AUTHORITY, servers.plain(), servers.count(), writer.labelAt(nameAt, label));
        for (int pass = 0; pass < 2 && !writer.isTruncated(); pass++) {
            int recordAt = serversAt;
            for (byte[] server : servers.hosts()) {
                if (server.length > 0) {
                    host.set(server);
                    boolean needed = host.isAtOrBelow(name, label);
                    if (needed == (pass == 0)) {
                        addHost(zone, needed, recordAt + AnswerWriter.RECORD_OCTETS);
                    }
                }
                recordAt = writer.recordAfter(recordAt);
            }
        }
        return isAlias() ? Outcome.ALIASED_AWAY : Outcome.DELEGATED;
    }

    /** The addresses of {@link #host}, which stands there in the message, if the answering zone or one of ours below it has them. */
    private void addHost(ZoneAnswers zone, boolean needed, int hostAt) {
        NameAnswers found = search.host(zone, host);
        ZoneAnswers in = search.hostZone();
        if (found != null && in != null) {
            addAddresses(in, found, needed, hostAt);
        }
    }

    /** The addresses of the hosts that the records name, as far as the zone has them and there is room. */
    private void addHosts(ZoneAnswers zone, NameAnswers owner, RrSet set, int recordsAt) {
        int recordAt = recordsAt;
        int count = writer.isTruncated() ? 0 : Math.min(HOSTS_MAX, set.hosts().length);
        for (int i = 0; i < count; i++) {
            byte[] name = set.hosts()[i];
            if (name.length == 1) {
                addAddresses(zone, owner, false, nameAt);
            } else if (name.length > 1) {
                host.set(name);
                addHost(zone, false, recordAt + AnswerWriter.RECORD_OCTETS + Wire.nameAt(set.type()));
            }
            recordAt = writer.recordAfter(recordAt);
        }
    }

    private void addAddresses(ZoneAnswers zone, NameAnswers found, boolean needed, int hostAt) {
        int nameStart = writer.labelAt(hostAt, 0);
        boolean edge = isEdge(zone, found);
        add(edge ? edge(found, Wire.TYPE_A) : found.set(Wire.TYPE_A), needed, nameStart);
        add(edge ? edge(found, Wire.TYPE_AAAA) : found.set(Wire.TYPE_AAAA), needed, nameStart);
    }

    private void add(@Nullable RrSet addresses, boolean needed, int hostAt) {
        if (addresses == null) {
            return;
        }
        boolean isReached = hostAt <= Wire.POINTER_MAX;
        if (needed && isReached) {
            writer.appendOwned(Section.ADDITIONAL, addresses.plain(), addresses.count(), hostAt);
        } else if (needed) {
            writer.appendSpelled(Section.ADDITIONAL, addresses.plain(), addresses.count(), host);
        } else if (isReached) {
            writer.appendOptional(addresses.plain(), addresses.count(), hostAt);
        }
    }
}
