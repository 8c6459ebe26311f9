package io.anycastle.dns.answer;

import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.Elsewhere;
import io.anycastle.dns.compile.NameAnswers;
import io.anycastle.dns.compile.NameHash;
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
    private @Nullable Elsewhere passed;
    private int passedLabel;
    private @Nullable NameAnswers encloser;
    private int encloserLabel;
    private long encloserHash;
    private @Nullable ZoneAnswers hostZone;

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
        passed = null;
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
        passed = null;
        pass(apex, label, parentSide);
        reach(apex, label, at);
        return true;
    }

    /** One label down inside the zone, unless the label above is missing already. */
    private void descend(WireName name, int label, long at, boolean parentSide) {
        ZoneAnswers in = zone;
        if (in == null || encloserLabel > label + 1 || passed != null) {
            return;
        }
        NameAnswers here = table.name(in, at, name, label);
        if (here == null) {
            return;
        }
        pass(here, label, parentSide);
        reach(here, label, at);
    }

    /** A delegation takes its own name away as well, a redirection only what lies below (RFC 6672 section 2.3). */
    private void pass(NameAnswers here, int label, boolean parentSide) {
        Elsewhere elsewhere = here.elsewhere();
        if (elsewhere instanceof Elsewhere.Referral
                ? !parentSide
                : elsewhere instanceof Elsewhere.Redirection && label > 0) {
            passed = elsewhere;
            passedLabel = label;
        }
    }

    private void reach(NameAnswers answers, int label, long at) {
        encloser = answers;
        encloserLabel = label;
        encloserHash = at;
    }

    private @Nullable NameAnswers wildcard(WireName name) {
        ZoneAnswers in = zone;
        return in == null || passed != null ? null : table.wildcard(in, encloserHash, name, encloserLabel);
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

    /** The delegation at or above the name, or the redirection above it, that the walk ended at; null when there is none. */
    @Nullable
    Elsewhere passed() {
        return passed;
    }

    /** At which label of the name the delegated or redirected name starts. */
    int passedLabel() {
        return passedLabel;
    }

    /** Whether a wildcard, or nothing, stands for the name. */
    boolean isSynthesized() {
        return encloserLabel > 0;
    }

    /**
     * What the name answers as a host in additional data: itself, glue below a delegation included, or through a wildcard; in the deepest
     * zone of ours, which {@link #hostZone} is then. The last walk stays as it is.
     *
     * @param in the zone that answers; hosts beyond it are not looked for
     */
    @Nullable
    NameAnswers host(ZoneAnswers in, WireName name) {
        hostZone = null;
        long at = hash.root();
        int apexLabel = name.labels() - in.apexLabels();
        if (apexLabel < 0) {
            return null;
        }
        for (int label = name.labels() - 1; label >= apexLabel; label--) {
            at = hash.below(at, name, label);
        }
        NameAnswers apex = table.apex(at, name, apexLabel);
        if (apex == null || apex.zone() != in) {
            return null;
        }
        long apexHash = at;
        for (int label = apexLabel - 1; label >= 0; label--) {
            at = hash.below(at, name, label);
            NameAnswers deeper = table.mayBeApex(name.labels() - label) ? table.apex(at, name, label) : null;
            if (deeper != null) {
                apex = deeper;
                apexHash = at;
            }
        }
        ZoneAnswers deepest = apex.zone();
        hostZone = deepest;
        return deepest == null ? null : host(deepest, apex, apexHash, name);
    }

    private @Nullable NameAnswers host(ZoneAnswers in, NameAnswers apex, long apexHash, WireName name) {
        NameAnswers above = apex;
        long at = apexHash;
        boolean delegated = false;
        for (int label = name.labels() - in.apexLabels() - 1; label >= 0; label--) {
            if (above.elsewhere() instanceof Elsewhere.Redirection) {
                return null;
            }
            delegated |= above.elsewhere() instanceof Elsewhere.Referral;
            long parent = at;
            at = hash.below(at, name, label);
            NameAnswers here = table.name(in, at, name, label);
            if (here == null) {
                return delegated ? null : table.wildcard(in, parent, name, label + 1);
            }
            above = here;
        }
        return above;
    }

    /** The zone that the last host was looked for in; null when that was none. */
    @Nullable
    ZoneAnswers hostZone() {
        return hostZone;
    }
}
