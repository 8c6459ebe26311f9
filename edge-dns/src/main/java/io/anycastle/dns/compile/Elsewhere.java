package io.anycastle.dns.compile;

import org.jspecify.annotations.Nullable;

/** Why a question about a name, or about what lies below it, goes on elsewhere. A name has at most one reason. */
public sealed interface Elsewhere {
    /**
     * A CNAME and where it leads.
     *
     * @param target in lower-case wire form
     * @param shown to questions for addresses, and at all
     * @param isWithin whether the target lies in the zone itself
     * @param outside what the target's addresses are where others answer for it; null for a name that nobody can be asked about
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never written
    record Alias(
            RrSet set,
            byte[] target,
            Shown shown,
            boolean isWithin,
            @Nullable ExternalTarget outside) implements Elsewhere {
        /** Whether questions for addresses get those at the end of the CNAME. */
        public boolean isFlattenedIn(ZoneAnswers zone) {
            return shown != Shown.AS_IT_IS || zone.flattensAll();
        }

        /** Whether nobody ever sees the CNAME, because it stands beside the zone's SOA or other records (RFC 1034 section 3.6.2). */
        public boolean isHidden() {
            return shown == Shown.HIDDEN;
        }

        public int ttlSeconds() {
            return set.ttlSeconds();
        }
    }

    /** What is seen of a CNAME. */
    enum Shown {
        AS_IT_IS,
        FLATTENED,
        HIDDEN
    }

    /**
     * A DNAME and where names below its owner lead (RFC 6672).
     *
     * @param target in lower-case wire form
     * @param isInward whether that is its owner or lies below, so that what it makes of a name would be redirected without end
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never written
    record Redirection(RrSet set, byte[] target, boolean isInward) implements Elsewhere {
        public int ttlSeconds() {
            return set.ttlSeconds();
        }
    }

    /** The name servers of a child zone (RFC 1034 section 4.2.1). */
    record Referral(RrSet servers) implements Elsewhere {}
}
