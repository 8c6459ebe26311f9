package io.anycastle.proxy;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.view.CurrentView;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The zone of a {@link WarmUp}, which nobody else sees: one name, whose origin is on loopback. */
final class WarmUpZone {
    /** A name that cannot be anybody's (RFC 6761 section 6.4). */
    static final String HOST = "warm-up.invalid";

    private static final String ID = "0".repeat(32);
    private static final Stamp STAMP = new Stamp(1, 0, "warm-up");

    private WarmUpZone() {}

    static CurrentView view(int originPort) {
        ZoneState zone = ZoneState.empty(zone()).with(new NameRecords(name(), STAMP, List.of(record(originPort))));
        CurrentView view = new CurrentView();
        view.update(zone, Set.of(name()));
        return view;
    }

    private static DomainName name() {
        return DomainName.of(HOST);
    }

    private static Zone zone() {
        return new Zone(
                ID,
                name(),
                ZoneType.FULL,
                ZoneStatus.ACTIVE,
                false,
                1,
                1,
                List.of(DomainName.of("ns.invalid")),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.of(Instant.EPOCH));
    }

    private static Record record(int originPort) {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        String origin = "{\"origin_port\":" + originPort + ",\"origin_scheme\":\"http\"}";
        return new Record(
                ID,
                name(),
                RecordType.A,
                loopback.getHostAddress(),
                OptionalInt.empty(),
                Ttl.AUTO,
                true,
                new RecordSettings(
                        false, false, false, ProxySettings.parsed(origin).origin()),
                "",
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                Rdata.of(loopback.getAddress()));
    }
}
