package io.anycastle.dns.compile;

import org.jspecify.annotations.Nullable;

/** Everything that one name answers. Immutable. */
public final class NameAnswers {
    private static final RrSet[] NONE = {};

    /** The name exists only because something lies below it (RFC 4592 section 2.2.2). */
    public static final NameAnswers EMPTY_NON_TERMINAL = new NameAnswers(NONE, null, null, Proxying.NO, null);

    /** The name was there and is no more. */
    static final NameAnswers GONE = new NameAnswers(NONE, null, null, Proxying.NO, null);

    private final RrSet[] sets;
    private final @Nullable Alias alias;
    private final @Nullable Referral referral;
    private final Proxying proxying;
    private final @Nullable ZoneAnswers zone;

    /** Which families the edge's addresses answer for at a name. */
    public enum Proxying {
        NO,
        BOTH,
        IPV4_ONLY,
        IPV6_ONLY
    }

    /**
     * A CNAME and where it leads.
     *
     * @param target in lower-case wire form
     * @param shown to questions for addresses, and at all
     * @param outside what the target's addresses are if it is none of our names; null where it lies in the zone itself
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never written
    public record Alias(
            RrSet set, byte[] target, Shown shown, @Nullable OutsideTarget outside) {
        /** Whether questions for addresses get those at the end of the CNAME. */
        public boolean isFlattenedIn(ZoneAnswers zone) {
            return shown != Shown.AS_IT_IS || zone.flattensAll();
        }

        /** Whether nobody ever sees the CNAME, because it stands beside the zone's SOA. */
        public boolean isHidden() {
            return shown == Shown.HIDDEN;
        }

        public int ttlSeconds() {
            return set.ttlSeconds();
        }
    }

    /** What is seen of a CNAME. */
    public enum Shown {
        AS_IT_IS,
        FLATTENED,
        HIDDEN
    }

    NameAnswers(
            RrSet[] sets,
            @Nullable Alias alias,
            @Nullable Referral referral,
            Proxying proxying,
            @Nullable ZoneAnswers zone) {
        this.sets = sets;
        this.alias = alias;
        this.referral = referral;
        this.proxying = proxying;
        this.zone = zone;
    }

    /** The same name as the apex of a zone. */
    NameAnswers asApex(ZoneAnswers apexOf) {
        return new NameAnswers(sets, alias, null, proxying, apexOf);
    }

    /** The records of that type, null when there are none. The apex's SOA and NS are the zone's. */
    public @Nullable RrSet set(int type) {
        RrSet shared = zone == null ? null : zone.set(type);
        if (shared != null) {
            return shared;
        }
        for (RrSet set : sets) {
            if (set.type() == type) {
                return set;
            }
        }
        return null;
    }

    public @Nullable Alias alias() {
        return alias;
    }

    /** Non-null where authority is handed to a child (RFC 1034 section 4.2.1). */
    public @Nullable Referral referral() {
        return referral;
    }

    /** What the name answers while its zone is proxying. */
    public Proxying proxying() {
        return proxying;
    }

    /** The zone whose apex this is. */
    public @Nullable ZoneAnswers zone() {
        return zone;
    }
}
