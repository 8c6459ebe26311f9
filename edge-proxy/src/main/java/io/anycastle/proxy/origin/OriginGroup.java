package io.anycastle.proxy.origin;

import io.anycastle.core.model.OriginBalance;
import io.anycastle.core.model.OriginBalance.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The origins of a name, of which each request is sent to one: in turns by weight (smooth weighted round robin, as nginx has it), to the
 * one with the fewest requests under way for its weight, or by a key (weighted rendezvous hashing: when an origin leaves, only its own keys
 * move, and when it comes back little by little, they come back so). Belongs to one event loop; what its origins have done is shared.
 */
public final class OriginGroup {
    private static final int FIRST_TURNS_MAX = 64;

    private final OutlierDetection health;
    private final OriginBalance balance;
    private final List<OriginMember> members = new ArrayList<>();
    private final List<OriginMember> fallbacks = new ArrayList<>();
    private final boolean isAlone;
    private final int outMax;
    private final int askedMax;
    private final long slowReturnNanos;
    /** What each member's weight is worth now: 0 for one that is not to be asked. */
    private final double[] worth;

    private final double[] turns;
    private final double[] scores;
    private int turn;

    public OriginGroup(OriginSet set, OutlierDetection health) {
        this.health = health;
        this.balance = set.balance();
        this.isAlone = set.isAlone();
        int count = set.targets().size();
        boolean isWeighted = set.weights().stream().anyMatch(weight -> weight > 0);
        for (int i = 0; i < count; i++) {
            OriginTarget target = set.targets().get(i);
            members.add(
                    isAlone
                            ? OriginMember.alone(target)
                            : OriginMember.among(
                                    target,
                                    isWeighted ? set.weights().get(i) : 1,
                                    health.outlier(target),
                                    set.checks().get(i).orElse(null)));
        }
        set.fallbacks().forEach(target -> fallbacks.add(OriginMember.fallback(target, health.outlier(target))));
        outMax = fallbacks.isEmpty() ? health.ejection().outMax(count) : count;
        askedMax = 1 + health.retry().max();
        slowReturnNanos = health.ejection().slowReturn().toNanos();
        worth = new double[count];
        turns = new double[count];
        scores = new double[count];
        beginAnywhere();
    }

    /** So that event loops and nodes do not all begin with the same origin. */
    private void beginAnywhere() {
        if (!isAlone) {
            int first = ThreadLocalRandom.current().nextInt(FIRST_TURNS_MAX);
            for (int i = 0; i < first; i++) {
                measure(health.now());
                takeTurn();
            }
        }
    }

    /** Whether there is nothing to choose. */
    public boolean isAlone() {
        return isAlone;
    }

    public OriginBalance balance() {
        return balance;
    }

    /** All of them, fallbacks last. */
    public List<OriginMember> all() {
        if (fallbacks.isEmpty()) {
            return members;
        }
        List<OriginMember> all = new ArrayList<>(members);
        all.addAll(fallbacks);
        return all;
    }

    /**
     * Who is asked by the next request, and who after it when it fails there; as many as a request may ask.
     *
     * @param key that decides, where the balance goes by one; {@link HashKey#NONE} when there is none
     */
    public List<OriginMember> next(long key) {
        if (isAlone) {
            return members;
        }
        measure(health.now());
        score(key);
        List<OriginMember> next = new ArrayList<>(Math.min(askedMax, members.size() + fallbacks.size()));
        int best = best();
        while (best >= 0 && next.size() < askedMax) {
            next.add(members.get(best));
            scores[best] = Double.NEGATIVE_INFINITY;
            best = best();
        }
        addTo(next, fallbacks);
        addRest(next, false);
        addRest(next, true);
        return next;
    }

    /** What each is worth: one that is out nothing, unless too many are. */
    private void measure(long now) {
        int out = 0;
        for (int i = 0; i < worth.length; i++) {
            double share = members.get(i).share(now, slowReturnNanos);
            worth[i] = members.get(i).weight() * share;
            out += share > 0 ? 0 : 1;
        }
        for (; out > outMax; out--) {
            readmit(now);
        }
        if (out > 0 && fallbacks.isEmpty()) {
            keepLast(now);
        }
    }

    /** The one that went out last by its health checks, where they leave none. */
    private void keepLast(long now) {
        int last = -1;
        for (int i = 0; i < worth.length; i++) {
            if (worth[i] > 0) {
                return;
            }
            OriginMember member = members.get(i);
            boolean isLater = member.isCheckedOut()
                    && member.weight() > 0
                    && (last < 0
                            || member.checkChangedNanos(now) - members.get(last).checkChangedNanos(now) > 0);
            last = isLater ? i : last;
        }
        if (last >= 0) {
            worth[last] = members.get(last).weight();
        }
    }

    /** The one that comes back first. */
    private void readmit(long now) {
        int first = -1;
        long left = Long.MAX_VALUE;
        for (int i = 0; i < worth.length; i++) {
            OutlierState outlier = members.get(i).outlier();
            if (outlier != null
                    && worth[i] == 0
                    && outlier.isOut(now)
                    && !members.get(i).isCheckedOut()
                    && outlier.untilNanos() - now < left) {
                first = i;
                left = outlier.untilNanos() - now;
            }
        }
        if (first >= 0) {
            worth[first] = members.get(first).weight() * OutlierState.SHARE_MIN;
        }
    }

    private void score(long key) {
        if (balance.method() == Method.LEAST_OUTSTANDING) {
            for (int i = 0; i < worth.length; i++) {
                OutlierState outlier = members.get(i).outlier();
                int outstanding = outlier == null ? 0 : outlier.outstanding();
                scores[i] = worth[i] > 0 ? -(outstanding + 1) / worth[i] : Double.NEGATIVE_INFINITY;
            }
            turn++;
        } else if (balance.method() == Method.ROUND_ROBIN || key == HashKey.NONE) {
            takeTurn();
        } else {
            for (int i = 0; i < worth.length; i++) {
                double uniform = HashKey.uniform(key, members.get(i).hash());
                scores[i] = worth[i] > 0 ? -worth[i] / Math.log(uniform) : Double.NEGATIVE_INFINITY;
            }
        }
    }

    private void takeTurn() {
        double total = 0;
        for (int i = 0; i < worth.length; i++) {
            turns[i] += worth[i];
            total += worth[i];
            scores[i] = worth[i] > 0 ? turns[i] : Double.NEGATIVE_INFINITY;
        }
        int best = best();
        if (best >= 0) {
            turns[best] -= total;
        }
    }

    /** Among equals another one each time; -1 when none is left. */
    private int best() {
        int best = -1;
        int from = worth.length == 0 ? 0 : Math.floorMod(turn, worth.length);
        for (int i = 0; i < worth.length; i++) {
            int at = (from + i) % worth.length;
            if (scores[at] > (best < 0 ? Double.NEGATIVE_INFINITY : scores[best])) {
                best = at;
            }
        }
        return best;
    }

    private void addTo(List<OriginMember> next, List<OriginMember> more) {
        for (int i = 0; i < more.size() && next.size() < askedMax; i++) {
            next.add(more.get(i));
        }
    }

    /** Those that are not to be asked, for when nobody else answers: first those of weight 0, then those that are out. */
    private void addRest(List<OriginMember> next, boolean isOut) {
        long now = health.now();
        for (int i = 0; i < worth.length && next.size() < askedMax; i++) {
            OriginMember member = members.get(i);
            if (worth[i] == 0 && member.isOut(now) == isOut) {
                next.add(member);
            }
        }
    }

    // ---- what requests met

    /**
     * A request got no answer of that one.
     *
     * @param why for people
     */
    public void failed(OriginMember member, String why) {
        OutlierState outlier = member.outlier();
        if (outlier != null && outlier.failed()) {
            eject(member, outlier, why);
        }
    }

    /** That one has answered. */
    public void answered(OriginMember member, int status) {
        OutlierState outlier = member.outlier();
        if (outlier != null && outlier.answered(status)) {
            eject(member, outlier, "answers " + status);
        }
    }

    private void eject(OriginMember member, OutlierState outlier, String why) {
        if (member.isFallback()) {
            return; // nobody stands in for it
        }
        long now = health.now();
        int out = 1;
        for (OriginMember other : members) {
            OutlierState its = other.outlier();
            out += its != null && !its.equals(outlier) && other.isOut(now) ? 1 : 0;
        }
        if (out <= outMax) {
            outlier.eject(why);
        }
    }
}
