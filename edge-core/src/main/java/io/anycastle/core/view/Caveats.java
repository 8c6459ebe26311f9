package io.anycastle.core.view;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.rdata.ContentCaveats;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of records that are kept, but answered otherwise than whoever wrote them may think: those that a delegation or a
 * DNAME takes away (RFC 1034 section 4.3.2, RFC 6672 section 2.3), aliases that lead nowhere, CNAMEs that are flattened for their company.
 * Pure; of one state of a zone. Not thread-safe.
 */
public final class Caveats {
    /** From so many records on a pass over the whole zone costs less than looking up what lies around each. */
    private static final int LOOKED_UP_MAX = 256;

    private final ZoneState zone;
    private final DomainName apex;

    /** Found when it is first needed. */
    private @Nullable Survey survey;

    private int asked;

    /**
     * What one pass over all names finds.
     *
     * @param takers those with a delegation or a DNAME
     * @param accompanied those with a CNAME beside other records
     * @param nameServers what delegations name
     */
    private record Survey(Set<DomainName> takers, Set<DomainName> accompanied, Set<DomainName> nameServers) {
        static Survey of(ZoneState zone) {
            Survey survey = new Survey(new HashSet<>(), new HashSet<>(), new HashSet<>());
            zone.names().values().forEach(survey::add);
            return survey;
        }

        private void add(NameRecords at) {
            if (CnameFlattening.isAccompanied(at)) {
                accompanied.add(at.name());
            }
            for (Record record : at.records()) {
                if (record.type() == RecordType.NS || record.type() == RecordType.DNAME) {
                    takers.add(at.name());
                }
                if (record.type() == RecordType.NS) {
                    CnameFlattening.target(record).ifPresent(nameServers::add);
                }
            }
        }
    }

    public Caveats(ZoneState zone) {
        this.zone = zone;
        this.apex = zone.zone().name();
    }

    /** What is to be said of a zone of that name. */
    public static Optional<String> ofZone(DomainName name) {
        boolean hasAsterisk = name.isWildcard() || hasInnerAsterisk(name);
        return hasAsterisk
                ? Optional.of(
                        "an asterisk in a zone's name stands for itself: the zone answers names that end in " + name)
                : Optional.empty();
    }

    /** In whole sentences without a final dot; empty for a record that is answered as it stands. */
    public List<String> of(Record record) {
        if (++asked > LOOKED_UP_MAX) {
            survey();
        }
        List<String> caveats = new ArrayList<>(0);
        Optional<String> occluded = occluded(record);
        occluded.ifPresent(caveats::add);
        if (occluded.isEmpty()) {
            addOwn(caveats, record);
        }
        if (hasInnerAsterisk(record.name()) && !hasInnerAsterisk(apex) && !apex.isWildcard()) {
            caveats.add("an asterisk that is not the first label stands for itself alone (RFC 4592 section 2.1.1): "
                    + record.name());
        }
        return caveats;
    }

    private void addOwn(List<String> caveats, Record record) {
        if (record.type() == RecordType.CNAME) {
            target(record).ifPresent(caveats::add);
        }
        if (record.type() == RecordType.DNAME) {
            redirection(record).ifPresent(caveats::add);
        }
        if (record.type() == RecordType.DS && !has(record.name(), RecordType.NS)) {
            caveats.add("there are no NS records at " + record.name()
                    + " yet: add them first, since without them the DS is answered and delegates nothing");
        }
        boolean isCut = record.type() == RecordType.NS && isCut(record.name());
        if (isCut || (record.type() == RecordType.DNAME && !record.name().isWildcard())) {
            taken(record.name(), isCut).ifPresent(caveats::add);
        }
        company(record.name()).ifPresent(caveats::add);
        ContentCaveats.of(record).ifPresent(caveats::add);
    }

    /** Why nobody is answered that record; empty where somebody is. */
    private Optional<String> occluded(Record record) {
        return takenBy(record.name()).flatMap(taker -> {
            boolean isCut = isCut(taker);
            if (isCut && taker.equals(record.name()) && isOfCut(record.type())) {
                return Optional.empty();
            }
            if (isCut && isAddress(record.type()) && isNameServer(taker, record.name())) {
                return Optional.empty(); // glue
            }
            String why = isCut ? " is delegated by its NS records" : " has a DNAME, which redirects all below it";
            return Optional.of("it is kept and not answered, because " + taker + why);
        });
    }

    /** The highest name that takes this one away from the zone: a delegation at or above it, a DNAME above it. */
    private Optional<DomainName> takenBy(DomainName name) {
        if (survey != null && survey.takers.isEmpty()) {
            return Optional.empty();
        }
        Optional<DomainName> highest = isCut(name) ? Optional.of(name) : Optional.empty();
        Optional<DomainName> at = name.parent();
        while (at.isPresent() && at.get().isAtOrBelow(apex)) {
            DomainName above = at.get();
            if (isCut(above) || (mayTake(above) && has(above, RecordType.DNAME))) {
                highest = at;
            }
            at = above.parent();
        }
        return highest;
    }

    private boolean isCut(DomainName name) {
        return name.isBelow(apex)
                && mayTake(name)
                && zone.at(name).filter(CnameFlattening::isCut).isPresent();
    }

    private boolean mayTake(DomainName name) {
        return survey == null || survey.takers.contains(name);
    }

    private boolean has(DomainName name, RecordType type) {
        return zone.at(name).stream().flatMap(at -> at.records().stream()).anyMatch(r -> r.type() == type);
    }

    private static boolean isOfCut(RecordType type) {
        return type == RecordType.NS || type == RecordType.DS;
    }

    private static boolean isAddress(RecordType type) {
        return type == RecordType.A || type == RecordType.AAAA;
    }

    /** Whether a delegation names it, so that its addresses go with a referral (RFC 9471): its own, or any of the zone's. */
    private boolean isNameServer(DomainName cut, DomainName host) {
        boolean isOwn = zone.at(cut).filter(at -> names(at, host)).isPresent();
        return isOwn || survey().nameServers.contains(host);
    }

    private static boolean names(NameRecords at, DomainName host) {
        return at.records().stream()
                .anyMatch(r -> r.type() == RecordType.NS && r.content().equals(host.toString()));
    }

    private Survey survey() {
        Survey known = survey;
        if (known == null) {
            known = Survey.of(zone);
            survey = known;
        }
        return known;
    }

    /** What a delegation or a DNAME takes away that lay there before it. */
    private Optional<String> taken(DomainName name, boolean isCut) {
        for (NameRecords at : zone.names().tailMap(name).values()) {
            if (!at.name().isAtOrBelow(name)) {
                break;
            }
            boolean isOwn = at.name().equals(name);
            for (Record record : at.records()) {
                if ((isCut || !isOwn) && occluded(record).isPresent()) {
                    String what = isCut ? "delegates what lies at and below it" : "redirects what lies below it";
                    return Optional.of(name + " " + what + ": records there are kept and not answered, like "
                            + at.name() + " " + record.type());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> target(Record cname) {
        Optional<DomainName> target = CnameFlattening.target(cname);
        if (target.filter(DomainName::isRoot).isPresent()) {
            return Optional.of("the CNAME leads to the root, which has no addresses");
        }
        DomainName at = cname.name();
        boolean isHidden = isHidden(at);
        for (int hop = 0; hop < CnameFlattening.ALIASES_MAX && target.isPresent(); hop++) {
            if (target.get().equals(cname.name())) {
                String circle = hop == 0 ? "to itself" : "back to itself by way of " + at;
                return Optional.of("the CNAME leads " + circle + ": " + withoutEnd(cname, isHidden));
            }
            at = target.get();
            isHidden |= isHidden(at);
            target = next(at, cname.proxied());
        }
        return Optional.empty();
    }

    /** @param isHidden whether a CNAME is on the way that nobody may see, so that the way itself cannot be shown */
    private static String withoutEnd(Record cname, boolean isHidden) {
        if (cname.proxied()) {
            return "the proxy finds no origin by it";
        }
        return isHidden
                ? "questions for A and AAAA are answered SERVFAIL"
                : "it is answered as it is, and no address comes of it";
    }

    private boolean isHidden(DomainName name) {
        return name.equals(apex)
                || CnameFlattening.recordsAt(zone, name)
                        .filter(CnameFlattening::isAccompanied)
                        .isPresent();
    }

    /**
     * Where a CNAME leads on to from that name.
     *
     * @param isOrigin whether an origin is looked for, for which a proxied name is an alias like any other; visitors get the edge's addresses
     */
    private Optional<DomainName> next(DomainName name, boolean isOrigin) {
        boolean isOurs = name.isAtOrBelow(apex) && takenBy(name).isEmpty();
        return isOurs
                ? CnameFlattening.recordsAt(zone, name)
                        .flatMap(CnameFlattening::cname)
                        .filter(alias -> isOrigin || !alias.proxied())
                        .flatMap(CnameFlattening::target)
                : Optional.empty();
    }

    private static Optional<String> redirection(Record dname) {
        if (dname.name().isWildcard()) {
            return Optional.of("a wildcard's DNAME is answered to who asks for it, and redirects only what lies below "
                    + dname.name() + " itself");
        }
        boolean isInward = CnameFlattening.target(dname)
                .filter(to -> to.isAtOrBelow(dname.name()))
                .isPresent();
        return isInward
                ? Optional.of("the DNAME leads to its own name or below: names below it are answered with it and one"
                        + " CNAME, and nothing comes of them")
                : Optional.empty();
    }

    private Optional<String> company(DomainName name) {
        boolean isFlattened = !name.equals(apex)
                && (survey == null || survey.accompanied.contains(name))
                && zone.at(name).filter(CnameFlattening::isAccompanied).isPresent();
        return isFlattened
                ? Optional.of("beside other records the CNAME of " + name
                        + " is answered flattened: questions for A and AAAA get its target's addresses, and nobody sees"
                        + " the CNAME")
                : Optional.empty();
    }

    private static boolean hasInnerAsterisk(DomainName name) {
        Optional<DomainName> at = name.parent();
        while (at.isPresent() && !at.get().isRoot()) {
            if (at.get().isWildcard()) {
                return true;
            }
            at = at.get().parent();
        }
        return false;
    }
}
