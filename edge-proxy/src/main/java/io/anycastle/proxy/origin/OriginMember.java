package io.anycastle.proxy.origin;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One of the origins that a request may go to. Immutable, but for what all that ask it share. */
public final class OriginMember {
    private final OriginTarget target;
    private final int weight;
    private final boolean isFallback;
    /** Null for an origin that there is no other beside: nothing could be made of it. */
    private final @Nullable OriginStanding standing;

    private final @Nullable OriginCheck check;
    private final long hash;

    private OriginMember(
            OriginTarget target,
            int weight,
            boolean isFallback,
            @Nullable OriginStanding standing,
            @Nullable OriginCheck check) {
        this.check = check;
        this.target = target;
        this.weight = weight;
        this.isFallback = isFallback;
        this.standing = standing;
        String name = target.scheme().text() + " " + target.text();
        this.hash = HashKey.of(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    static OriginMember alone(OriginTarget target) {
        return new OriginMember(target, 1, false, null, null);
    }

    static OriginMember among(OriginTarget target, int weight, OriginStanding standing, @Nullable OriginCheck check) {
        return new OriginMember(target, weight, false, standing, check);
    }

    static OriginMember fallback(OriginTarget target, OriginStanding standing) {
        return new OriginMember(target, 1, true, standing, null);
    }

    public OriginTarget target() {
        return target;
    }

    public boolean isFallback() {
        return isFallback;
    }

    /** A request goes to it; {@link #ends} follows. */
    public void begins(boolean isOwn) {
        if (standing != null) {
            standing.begins(isOwn);
        }
    }

    public void ends() {
        if (standing != null) {
            standing.ends();
        }
    }

    /** Whether a request may go to it that failed elsewhere; it counts then. */
    public boolean takesRetry() {
        return standing == null || standing.takesRetry();
    }

    int weight() {
        return weight;
    }

    long hash() {
        return hash;
    }

    @Nullable
    OriginStanding standing() {
        return standing;
    }

    /** Whether requests or health checks have taken it out. */
    boolean isOut(long nowNanos) {
        return isCheckedOut() || (standing != null && standing.isOut(nowNanos));
    }

    /** Whether its health checks have. */
    boolean isCheckedOut() {
        return check != null && check.isOut();
    }

    /** When they did, or let it back. */
    long checkChangedNanos(long never) {
        return check == null ? never : check.changedNanos(never);
    }

    /** What part of its weight counts now: 0 while it is out, little when it comes back. */
    double share(long nowNanos, long slowReturnNanos) {
        if (isCheckedOut()) {
            return 0;
        }
        double own = standing == null ? 1 : standing.share(nowNanos);
        long back = nowNanos - checkChangedNanos(nowNanos - slowReturnNanos);
        return back >= slowReturnNanos
                ? own
                : own * Math.max(OriginStanding.SHARE_MIN, (double) back / slowReturnNanos);
    }
}
