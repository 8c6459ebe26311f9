package io.anycastle.dns.answer;

import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.NameAnswers;
import io.anycastle.dns.compile.NameHash;
import io.anycastle.dns.compile.Referral;
import io.anycastle.dns.compile.ZoneAnswers;
import io.anycastle.dns.wire.Wire;
import io.anycastle.dns.wire.WireName;
import org.jspecify.annotations.Nullable;

/**
 * Walks down from the root to a name (RFC 1034 section 4.3.2 steps 2 and 3): the closest zone of ours, a delegation in it, the name
 * itself or the wildcard that stands for it (RFC 4592 section 3.3). Not thread-safe: fields hold the last walk.
 */
final class Search {
    private final AnswerTable.Reader table;
    private final NameHash hash;

    private @Nullable ZoneAnswers zone;
    private int zoneLabel;
    private long zoneHash;
    private long nameHash;
    private @Nullable Referral referral;
    private int referralLabel;
    private @Nullable NameAnswers encloser;
    private int encloserLabel;
    private long encloserHash;

    Search(AnswerTable.Reader table, NameHash hash) {
        this.table = table;
        this.hash = hash;
    }

    /**
     * Looks for the name.
     *
     * @param type a DS question at a cut is answered by the parent (RFC 4035 section 3.1.4.1)
     * @return what the name answers, or the wildcard for it; null when there is no such name
     */
    @Nullable
    NameAnswers run(WireName name, int type) {
        zone = null;
        referral = null;
        encloser = null;
        encloserLabel = -1;
        int labels = name.labels();
        long at = hash.root();
        for (int label = labels; ; label--) {
            boolean parentSide = label == 0 && type == Wire.TYPE_DS;
            if (!enterZone(name, label, at, parentSide)) {
                descend(name, label, at, parentSide);
            }
            if (label == 0) {
                break;
            }
            at = hash.below(at, name, label - 1);
        }
        nameHash = at;
        return encloserLabel == 0 || zone == null ? encloser : wildcard(name);
    }

    private boolean enterZone(WireName name, int label, long at, boolean parentSide) {
        NameAnswers apex = table.mayBeApex(name.labels() - label) ? table.apex(at, name, label) : null;
        if (apex == null) {
            return false;
        }
        if (parentSide && zone != null) {
            // The zone is ours on both sides; the parent answers, whether or not it has records for the name.
            reach(NameAnswers.EMPTY_NON_TERMINAL, label, at);
            descend(name, label, at, true);
            return true;
        }
        zone = apex.zone();
        zoneLabel = label;
        zoneHash = at;
        referral = null;
        reach(apex, label, at);
        return true;
    }

    /** One label down inside the zone, unless the label above is missing already. */
    private void descend(WireName name, int label, long at, boolean parentSide) {
        ZoneAnswers in = zone;
        if (in == null || encloserLabel > label + 1 || referral != null) {
            return;
        }
        NameAnswers here = table.name(in, at, name, label);
        if (here == null) {
            return;
        }
        if (here.referral() != null && !parentSide) {
            referral = here.referral();
            referralLabel = label;
        }
        reach(here, label, at);
    }

    private void reach(NameAnswers answers, int label, long at) {
        encloser = answers;
        encloserLabel = label;
        encloserHash = at;
    }

    private @Nullable NameAnswers wildcard(WireName name) {
        ZoneAnswers in = zone;
        return in == null || referral != null ? null : table.wildcard(in, encloserHash, name, encloserLabel);
    }

    /** The zone that the name lies in; null when it is none of ours. */
    @Nullable
    ZoneAnswers zone() {
        return zone;
    }

    /** At which label of the name the zone's name starts. */
    int zoneLabel() {
        return zoneLabel;
    }

    /** The hash of the zone's name; only where there is a zone. */
    long zoneHash() {
        return zoneHash;
    }

    /** The hash of the whole name, whether it exists or not. */
    long nameHash() {
        return nameHash;
    }

    /** The hash of the name itself, or of the closest encloser where there is no such name or a wildcard stands for it, or of the cut. */
    long encloserHash() {
        return encloserHash;
    }

    /** The delegation that the name lies at or below; null when there is none. */
    @Nullable
    Referral referral() {
        return referral;
    }

    /** At which label of the name the delegated name starts. */
    int referralLabel() {
        return referralLabel;
    }

    /** What a name answers for itself, whatever delegation it lies below: glue. */
    @Nullable
    NameAnswers glue(WireName name) {
        ZoneAnswers in = zone;
        if (in == null) {
            return null;
        }
        long at = hash.root();
        for (int label = name.labels() - 1; label >= 0; label--) {
            at = hash.below(at, name, label);
        }
        return table.name(in, at, name, 0);
    }
}
