package io.anycastle.dns.compile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Everything that one name answers. Immutable. There are millions, most with one record set: that one stands in it directly. */
public final class NameAnswers {
    /** The name exists only because something lies below it (RFC 4592 section 2.2.2). */
    public static final NameAnswers EMPTY_NON_TERMINAL = of(RrSet.NONE, null, ProxyStatus.of(Proxying.NO));

    /** The name was there and is no more. */
    static final NameAnswers GONE = of(RrSet.NONE, null, ProxyStatus.of(Proxying.NO));

    private final @Nullable RrSet first;
    private final RrSet[] others;
    private final @Nullable Elsewhere elsewhere;
    private final ProxyStatus proxyStatus;

    /** Which families the edge's addresses answer for at a name. */
    public enum Proxying {
        NO,
        BOTH,
        IPV4_ONLY,
        IPV6_ONLY
    }

    /**
     * What a name is in its zone; most names share one of a few.
     *
     * @param whileProxying stand in the place of those of their type as long as the zone proxies
     * @param zone the zone whose apex the name is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never written
    record ProxyStatus(
            Proxying proxying,
            RrSet[] whileProxying,
            @Nullable ZoneAnswers zone) {
        private static final ProxyStatus DNS_ONLY = new ProxyStatus(Proxying.NO, RrSet.NONE, null);
        private static final ProxyStatus BOTH = new ProxyStatus(Proxying.BOTH, RrSet.NONE, null);
        private static final ProxyStatus IPV4_ONLY = new ProxyStatus(Proxying.IPV4_ONLY, RrSet.NONE, null);
        private static final ProxyStatus IPV6_ONLY = new ProxyStatus(Proxying.IPV6_ONLY, RrSet.NONE, null);

        static ProxyStatus of(Proxying proxying) {
            return switch (proxying) {
                case NO -> DNS_ONLY;
                case BOTH -> BOTH;
                case IPV4_ONLY -> IPV4_ONLY;
                case IPV6_ONLY -> IPV6_ONLY;
            };
        }

        static ProxyStatus of(Proxying proxying, RrSet[] whileProxying) {
            return whileProxying.length == 0 ? of(proxying) : new ProxyStatus(proxying, whileProxying, null);
        }
    }

    private NameAnswers(@Nullable RrSet first, RrSet[] others, @Nullable Elsewhere elsewhere, ProxyStatus proxyStatus) {
        this.first = first;
        this.others = others;
        this.elsewhere = elsewhere;
        this.proxyStatus = proxyStatus;
    }

    static NameAnswers of(RrSet[] sets, @Nullable Elsewhere elsewhere, ProxyStatus proxyStatus) {
        return switch (sets.length) {
            case 0 -> new NameAnswers(null, RrSet.NONE, elsewhere, proxyStatus);
            case 1 -> new NameAnswers(sets[0], RrSet.NONE, elsewhere, proxyStatus);
            default -> new NameAnswers(sets[0], Arrays.copyOfRange(sets, 1, sets.length), elsewhere, proxyStatus);
        };
    }

    /** The same name as the apex of a zone, whose NS records delegate nothing. */
    NameAnswers asApex(ZoneAnswers apexOf) {
        Elsewhere own = elsewhere instanceof Elsewhere.Referral ? null : elsewhere;
        ProxyStatus apex = new ProxyStatus(proxyStatus.proxying, proxyStatus.whileProxying, apexOf);
        return new NameAnswers(first, others, own, apex);
    }

    /** The records of that type, null when there are none. The apex's SOA and NS are the zone's. */
    public @Nullable RrSet set(int type) {
        RrSet shared = proxyStatus.zone == null ? null : proxyStatus.zone.set(type);
        if (shared != null) {
            return shared;
        }
        if (first != null && first.type() == type) {
            return first;
        }
        return ofType(type, others);
    }

    private static @Nullable RrSet ofType(int type, RrSet[] sets) {
        for (RrSet set : sets) {
            if (set.type() == type) {
                return set;
            }
        }
        return null;
    }

    /** One of its own record sets; null when there are none. */
    @Nullable
    RrSet first() {
        return first;
    }

    /** Its own record sets but the first; not to be written to. */
    RrSet[] others() {
        return others;
    }

    /** The same while the zone proxies: mail hosts that are proxied have another name then. */
    public @Nullable RrSet setWhileProxying(int type) {
        RrSet renamed = ofType(type, proxyStatus.whileProxying);
        return renamed != null ? renamed : set(type);
    }

    /** A CNAME here, a DNAME for what lies below, or a delegation of both. */
    public @Nullable Elsewhere elsewhere() {
        return elsewhere;
    }

    /** What the name answers while its zone is proxying. */
    public Proxying proxying() {
        return proxyStatus.proxying;
    }

    /** The zone whose apex this is. */
    public @Nullable ZoneAnswers zone() {
        return proxyStatus.zone;
    }
}
