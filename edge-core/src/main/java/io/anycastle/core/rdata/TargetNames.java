package io.anycastle.core.rdata;

import io.anycastle.core.model.DomainName;

/** How names inside content are read: in the API they are absolute, in a zone file relative to its origin. */
@FunctionalInterface
public interface TargetNames {
    /** Every name is absolute: what is stored, journalled and replicated. */
    TargetNames ABSOLUTE = DomainName::of;

    /**
     * The name that is spelled.
     *
     * @throws io.anycastle.core.model.InvalidNameException when it is none
     */
    DomainName read(String spelled);

    /** The name that relative names are below; the root where all are absolute. */
    default DomainName origin() {
        return read("x").parent().orElseThrow();
    }

    /** Names are absolute, and {@code @} is the zone itself. */
    static TargetNames inZone(DomainName zone) {
        return spelled -> spelled.equals("@") ? zone : DomainName.of(spelled);
    }

    /** Master-file names (RFC 1035 section 5.1): those without a final dot are below the origin. */
    static TargetNames below(DomainName origin) {
        return spelled -> {
            if (spelled.equals("@")) {
                return origin;
            }
            return DomainName.of(DomainName.isAbsolute(spelled) || origin.isRoot() ? spelled : spelled + "." + origin);
        };
    }
}
