package io.anycastle.dns.peer;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Every way in which our answers may differ from a peer's: each was looked at, and is wanted. There are ten at most. */
enum Difference {
    ANY(
            "RFC 8482 section 4",
            "ANY gets one record from us, the CNAME or else a HINFO; BIND picks one of the name's sets, NSD sets TC, Knot answers all",
            x -> x.question().type() == Type.ANY),
    APEX_NS(
            "RFC 1034 section 4.3.2 step 6",
            "NSD adds the zone's NS records and their addresses to positive answers; nobody needs them there",
            x -> x.with(withoutApexServers(x)).isSame()),
    OTHER_ZONE(
            "RFC 1034 section 4.3.2 step 3a",
            "an alias into another zone of ours is followed ('go back to step 1'), as NSD does; BIND and Knot stop there",
            x -> x.peer() != Peer.NSD && x.changesZone()),
    CHAIN(
            "RFC 1034 section 5.2.2",
            "chains of aliases are followed to different lengths: sixteen here, five by Knot",
            x -> Exchange.aliases(x.ours()) > 5
                    && (x.ours().answer().containsAll(x.theirs().answer())
                            || x.theirs().answer().containsAll(x.ours().answer()))),
    CIRCLE(
            "RFC 1034 section 3.6.2",
            "aliases in a circle are answered as they are; BIND adds SERVFAIL, for a resolver that will find out itself",
            x -> x.peer() == Peer.BIND
                    && x.theirs().rcode() == Rcode.SERVFAIL
                    && x.ours().rcode() == Rcode.NOERROR
                    && x.hasSameRecords()),
    CHILD_ZONE(
            "RFC 8020 section 2",
            "the DS of a zone of ours in a parent that does not delegate it: its name exists, so not NXDOMAIN",
            x -> x.question().type() == Type.DS
                    && x.zones().contains(x.question().name().toLowerCase(Locale.ROOT))
                    && x.ours().rcode() == Rcode.NOERROR
                    && x.theirs().rcode() == Rcode.NXDOMAIN
                    && x.hasSameRecords()),
    BESIDE_ALIAS(
            "RFC 4034 sections 3 and 4",
            "RRSIG and NSEC lie beside a CNAME, so that it is no alias for them; NSD follows it when there are none",
            x -> x.peer() == Peer.NSD
                    && (x.question().type() == Type.RRSIG || x.question().type() == Type.NSEC)
                    && Exchange.aliases(x.theirs()) > 0),
    ROOM(
            "RFC 9471 section 3.1, RFC 2181 section 9",
            "when not all addresses of servers inside the child fit, TC says so, as with Knot; BIND and NSD leave them out;"
                    + " and the names that a redirection makes fit here longer than with Knot and NSD, who do not compress them",
            x -> x.isTight() && x.ours().rcode() == x.theirs().rcode() && (lacksGlue(x) || isLongerRedirection(x))),
    NOT_GLUE(
            "RFC 9471 section 3.2",
            "a referral tells all addresses that the zone knows for the servers; BIND leaves out those that are no glue",
            x -> x.peer() == Peer.BIND
                    && x.hasSameHeader()
                    && x.hasSameRecords()
                    && x.isReferral(x.ours())
                    && x.ours().additional().containsAll(x.theirs().additional())),
    ADDITIONAL(
            "RFC 2181 section 9",
            "what else may help is a choice: BIND adds hosts of AFSDB and NAPTR, Knot SVCB records of aliases and wildcards"
                    + " below delegations, NSD nothing to SVCB; with little room each leaves out another record",
            x -> x.hasSameHeader() && x.hasSameRecords() && (hasOtherHosts(x) || x.isTight() || x.isAgreed()));

    private final String rfc;
    private final String why;

    @SuppressWarnings("ImmutableEnumChecker") // the predicates capture nothing
    private final Predicate<Exchange> isIt;

    Difference(String rfc, String why, Predicate<Exchange> isIt) {
        this.rfc = rfc;
        this.why = why;
        this.isIt = isIt;
    }

    boolean explains(Exchange exchange) {
        return isIt.test(exchange);
    }

    private static boolean lacksGlue(Exchange x) {
        return x.peer() != Peer.KNOT
                && x.isReferral(x.theirs())
                && x.ours().isTruncated()
                && !x.theirs().isTruncated();
    }

    private static boolean isLongerRedirection(Exchange x) {
        boolean isRedirected = x.ours().answer().stream()
                .anyMatch(record -> Exchange.type(record).equals("DNAME"));
        return isRedirected
                && (x.theirs().isTruncated() || x.ours().octets() < x.theirs().octets())
                && x.ours().answer().containsAll(x.theirs().answer())
                && x.ours().authority().containsAll(x.theirs().authority());
    }

    private static boolean hasOtherHosts(Exchange x) {
        Set<String> types =
                x.ours().answer().stream().map(Exchange::type).collect(Collectors.toCollection(TreeSet::new));
        return types.contains("AFSDB") || types.contains("NAPTR") || types.contains("SVCB") || types.contains("HTTPS");
    }

    /** NSD's answer without the zone's own servers and what only they brought in. */
    static Told withoutApexServers(Exchange x) {
        Told told = x.theirs();
        Set<String> servers = told.authority().stream()
                .filter(record ->
                        Exchange.type(record).equals("NS") && x.zones().contains(Exchange.owner(record)))
                .collect(Collectors.toCollection(TreeSet::new));
        if (told.answer().isEmpty() || servers.isEmpty()) {
            return told;
        }
        Set<String> hosts = servers.stream().map(Exchange::data).collect(Collectors.toSet());
        Set<String> brought = Exchange.minus(told.additional(), x.ours().additional()).stream()
                .filter(record -> hosts.contains(Exchange.owner(record)))
                .collect(Collectors.toSet());
        return new Told(
                told.rcode(),
                told.flags(),
                told.question(),
                told.answer(),
                Exchange.minus(told.authority(), servers),
                Exchange.minus(told.additional(), brought),
                told.opt(),
                told.octets());
    }

    @Override
    public String toString() {
        return name() + " (" + rfc + "): " + why;
    }
}
