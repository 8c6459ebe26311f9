package io.anycastle.dns.peer;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One question, our answer and that of a peer.
 *
 * @param others what all peers said
 * @param zones the names of the zones that all serve, with final dots
 */
record Exchange(Peer peer, Question question, Told ours, Told theirs, Map<Peer, Told> others, Set<String> zones) {
    /** Whether nothing differs but size. What a truncated answer still holds nobody may use (RFC 2181 section 9). */
    boolean isSame() {
        return hasSameHeader()
                && (ours.isTruncated() || (hasSameRecords() && ours.additional().equals(theirs.additional())));
    }

    boolean hasSameHeader() {
        return ours.rcode() == theirs.rcode()
                && ours.flags().equals(theirs.flags())
                && ours.opt().equals(theirs.opt())
                && ours.question().equals(theirs.question());
    }

    /** Whether answer and authority are equal. */
    boolean hasSameRecords() {
        return ours.answer().equals(theirs.answer()) && ours.authority().equals(theirs.authority());
    }

    /** The exchange with another answer of the peer's. */
    Exchange with(Told other) {
        return new Exchange(peer, question, ours, other, others, zones);
    }

    boolean isReferral(Told told) {
        return told.authority().stream()
                .anyMatch(record -> type(record).equals("NS") && !zones.contains(owner(record)));
    }

    /** Whether an alias of our answer leads from one zone into another. */
    boolean changesZone() {
        return ours.answer().stream()
                .filter(record -> type(record).equals("CNAME"))
                .anyMatch(record -> {
                    Optional<String> target = zoneOf(data(record));
                    return target.isPresent() && !target.equals(zoneOf(owner(record)));
                });
    }

    static long aliases(Told told) {
        return told.answer().stream()
                .filter(record -> type(record).equals("CNAME"))
                .count();
    }

    /** The closest zone that holds the name. */
    Optional<String> zoneOf(String name) {
        return zones.stream()
                .filter(zone -> name.equals(zone) || name.endsWith("." + zone))
                .max((a, b) -> a.length() - b.length());
    }

    /** Whether an answer comes so close to the limit that another record might not fit. */
    boolean isTight() {
        int payload = Math.clamp(question.payload(), 512, 1232);
        return !question.tcp() && Math.max(ours.octets(), theirs.octets()) > payload - 200;
    }

    /** Whether the answer of one peer at least is ours. */
    boolean isAgreed() {
        return others.entrySet().stream()
                .anyMatch(other ->
                        new Exchange(other.getKey(), question, ours, other.getValue(), others, zones).isSame());
    }

    static Set<String> minus(Collection<String> from, Collection<String> taken) {
        Set<String> left = new TreeSet<>(from);
        left.removeAll(taken);
        return left;
    }

    static String owner(String record) {
        return record.substring(0, record.indexOf(' '));
    }

    static String type(String record) {
        return record.split(" ", 4)[2];
    }

    static String data(String record) {
        return record.split(" ", 4)[3];
    }

    @Override
    public String toString() {
        return question + "\n  ours: " + ours + "\n  " + peer + ": " + theirs;
    }
}
