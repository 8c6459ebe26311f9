package io.anycastle.core.view;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import java.util.List;
import java.util.Optional;

/** Where DNAMEs lead what lies below them (RFC 6672). Pure. */
public final class Redirections {
    private Redirections() {}

    /** The DNAME that stands at a name. */
    public static Optional<Record> at(ZoneState zone, DomainName name) {
        return zone.at(name).map(NameRecords::records).stream()
                .flatMap(List::stream)
                .filter(record -> record.type() == RecordType.DNAME)
                .findFirst();
    }

    /** The DNAME that redirects a name of the zone, the highest one (RFC 6672 section 2.3); empty where there is none. */
    public static Optional<Record> above(ZoneState zone, DomainName name) {
        Optional<Record> highest = Optional.empty();
        Optional<DomainName> above = name.parent();
        while (above.isPresent() && above.get().isAtOrBelow(zone.zone().name())) {
            Optional<Record> here = at(zone, above.get());
            highest = here.isPresent() ? here : highest;
            above = above.get().parent();
        }
        return highest;
    }

    /** Where a DNAME leads a name below it; empty where what comes of it is no name that we could ask about. */
    public static Optional<DomainName> target(Record dname, DomainName name) {
        try {
            DomainName to = DomainName.of(dname.content());
            return Optional.of(DomainName.of(name.relativeTo(dname.name()) + "." + to));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
