package io.anycastle.proxy.origin;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One of the origins that a request may go to. Immutable, but for what all that ask it share. */
public final class OriginMember {
    private final OriginTarget target;
    private final int weight;
    private final boolean isFallback;
    /** Null for an origin that there is no other beside: nothing could be made of it. */
    private final @Nullable OutlierState outlier;

    private final @Nullable OriginCheck check;
    private final long hash;

    private OriginMember(
            OriginTarget target,
            int weight,
            boolean isFallback,
            @Nullable OutlierState outlier,
            @Nullable OriginCheck check) {
        this.check = check;
        this.target = target;
        this.weight = weight;
        this.isFallback = isFallback;
        this.outlier = outlier;
        String name = target.scheme().text() + " " + target.text();
        this.hash = HashKey.of(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    static OriginMember alone(OriginTarget target) {
        return new OriginMember(target, 1, false, null, null);
    }

    static OriginMember among(OriginTarget target, int weight, OutlierState outlier, @Nullable OriginCheck check) {
        return new OriginMember(target, weight, false, outlier, check);
    }

    static OriginMember fallback(OriginTarget target, OutlierState outlier) {
        return new OriginMember(target, 1, true, outlier, null);
    }

    public OriginTarget target() {
        return target;
    }

    public boolean isFallback() {
        return isFallback;
    }

    /** A request goes to it; {@link #ends} follows. */
    public void begins(boolean isOwn) {
        if (outlier != null) {
            outlier.begins(isOwn);
        }
    }

    public void ends() {
        if (outlier != null) {
            outlier.ends();
        }
    }

    /** Whether a request may go to it that failed elsewhere; it counts then. */
    public boolean takesRetry() {
        return outlier == null || outlier.takesRetry();
    }

    int weight() {
        return weight;
    }

    long hash() {
        return hash;
    }

    @Nullable
    OutlierState outlier() {
        return outlier;
    }

    /** Whether requests or health checks have taken it out. */
    boolean isOut(long nowNanos) {
        return isCheckedOut() || (outlier != null && outlier.isOut(nowNanos));
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
        double own = outlier == null ? 1 : outlier.share(nowNanos);
        long back = nowNanos - checkChangedNanos(nowNanos - slowReturnNanos);
        return back >= slowReturnNanos ? own : own * Math.max(OutlierState.SHARE_MIN, (double) back / slowReturnNanos);
    }
}
