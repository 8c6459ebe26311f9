package io.anycastle.core.view;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import java.util.Optional;

/** What a CNAME means to those who answer the target's addresses in its place. Pure. */
public final class CnameFlattening {
    /** So many aliases, CNAMEs and DNAMEs, are followed one after the other through our zones. */
    public static final int ALIASES_MAX = 16;

    private CnameFlattening() {}

    /** Where a CNAME leads; empty for a target that is no name of ours or of anybody whom we could ask about. */
    public static Optional<DomainName> target(Record cname) {
        try {
            return Optional.of(DomainName.of(cname.content()));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** The CNAME of a name. */
    public static Optional<Record> cname(NameRecords name) {
        for (Record record : name.records()) {
            if (record.type() == RecordType.CNAME) {
                return Optional.of(record);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a CNAME stands beside other records, so that nobody may see it (RFC 1034 section 3.6.2) and all that is answered of it are
     * its target's addresses.
     */
    public static boolean isAccompanied(NameRecords name) {
        boolean hasCname = false;
        boolean hasOther = false;
        for (Record record : name.records()) {
            hasCname |= record.type() == RecordType.CNAME;
            hasOther |= record.type() != RecordType.CNAME;
        }
        return hasCname && hasOther;
    }

    /** The name's records, or those of the wildcard that covers it (RFC 4592 section 3.3). */
    public static Optional<NameRecords> recordsAt(ZoneState zone, DomainName name) {
        if (zone.exists(name)) {
            return zone.at(name);
        }
        Optional<DomainName> encloser = name.parent();
        while (encloser.isPresent() && !zone.exists(encloser.get())) {
            encloser = encloser.get().parent();
        }
        return encloser.flatMap(at -> zone.at(at.wildcardChild()));
    }

    /** Whether the name lies at or below NS records inside the zone, so that others answer for it. */
    public static boolean isDelegated(ZoneState zone, DomainName name) {
        DomainName at = name;
        while (at.isBelow(zone.zone().name())) {
            if (zone.at(at).filter(CnameFlattening::isCut).isPresent()) {
                return true;
            }
            at = at.parent().orElse(DomainName.ROOT);
        }
        return false;
    }

    /** Whether NS records stand there; below a zone's apex others answer for such a name and all below it. */
    public static boolean isCut(NameRecords name) {
        return !name.name().isWildcard() && name.records().stream().anyMatch(r -> r.type() == RecordType.NS);
    }
}
