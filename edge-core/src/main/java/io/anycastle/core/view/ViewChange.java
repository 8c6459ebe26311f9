package io.anycastle.core.view;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import java.util.Optional;
import java.util.Set;

/**
 * One step of the view: one zone, from one state to the next.
 *
 * @param before empty when the zone is new
 * @param after empty when the zone is gone
 * @param names whose records differ; for a new or gone zone, all of them. Immutable
 */
public record ViewChange(
        DomainName zone, Optional<ZoneState> before, Optional<ZoneState> after, Set<DomainName> names) {
    /** A zone that was not there. */
    public static ViewChange appearing(ZoneState zone) {
        return new ViewChange(
                zone.zone().name(),
                Optional.empty(),
                Optional.of(zone),
                zone.names().keySet());
    }

    /** A zone that will not be there. */
    public static ViewChange vanishing(ZoneState zone) {
        return new ViewChange(
                zone.zone().name(),
                Optional.of(zone),
                Optional.empty(),
                zone.names().keySet());
    }

    /** Whether something beside version, serial and times of the zone itself differs, so that all its answers may. */
    public boolean isZoneWide() {
        if (before.isEmpty() || after.isEmpty()) {
            return true;
        }
        var a = before.get().zone();
        var b = after.get().zone();
        return !a.id().equals(b.id())
                || before.get().isProxying() != after.get().isProxying()
                || !before.get().dnsSettings().equals(after.get().dnsSettings())
                || a.type() != b.type()
                || a.status() != b.status()
                || !a.nameServers().equals(b.nameServers());
    }
}
