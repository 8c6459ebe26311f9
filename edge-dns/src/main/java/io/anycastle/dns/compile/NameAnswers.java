package io.anycastle.dns.compile;

import org.jspecify.annotations.Nullable;

/** Everything that one name answers. Immutable. */
public final class NameAnswers {
    static final RrSet[] NONE = {};

    /** The name exists only because something lies below it (RFC 4592 section 2.2.2). */
    public static final NameAnswers EMPTY_NON_TERMINAL = new NameAnswers(NONE, NONE, null, Proxying.NO, null);

    /** The name was there and is no more. */
    static final NameAnswers GONE = new NameAnswers(NONE, NONE, null, Proxying.NO, null);

    private final RrSet[] sets;
    private final RrSet[] whileProxying;
    private final @Nullable Elsewhere elsewhere;
    private final Proxying proxying;
    private final @Nullable ZoneAnswers zone;

    /** Which families the edge's addresses answer for at a name. */
    public enum Proxying {
        NO,
        BOTH,
        IPV4_ONLY,
        IPV6_ONLY
    }

    /** @param whileProxying stand in the place of those of their type as long as the zone proxies */
    NameAnswers(
            RrSet[] sets,
            RrSet[] whileProxying,
            @Nullable Elsewhere elsewhere,
            Proxying proxying,
            @Nullable ZoneAnswers zone) {
        this.sets = sets;
        this.whileProxying = whileProxying;
        this.elsewhere = elsewhere;
        this.proxying = proxying;
        this.zone = zone;
    }

    /** The same name as the apex of a zone, whose NS records delegate nothing. */
    NameAnswers asApex(ZoneAnswers apexOf) {
        Elsewhere own = elsewhere instanceof Elsewhere.Referral ? null : elsewhere;
        return new NameAnswers(sets, whileProxying, own, proxying, apexOf);
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

    /** All record sets of its own; not to be written to. */
    RrSet[] sets() {
        return sets;
    }

    /** The same while the zone proxies: mail hosts that are proxied have another name then. */
    public @Nullable RrSet setWhileProxying(int type) {
        for (RrSet set : whileProxying) {
            if (set.type() == type) {
                return set;
            }
        }
        return set(type);
    }

    /** A CNAME here, a DNAME for what lies below, or a delegation of both. */
    public @Nullable Elsewhere elsewhere() {
        return elsewhere;
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
