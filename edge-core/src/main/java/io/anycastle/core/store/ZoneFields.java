package io.anycastle.core.store;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A zone head's fields as they were read. */
final class ZoneFields {
    String id = "";
    String name = "";
    Optional<ZoneType> type = Optional.empty();
    Optional<ZoneStatus> status = Optional.empty();
    Optional<Boolean> paused = Optional.empty();
    long version;
    int serial;
    List<DomainName> nameServers = List.of();
    Instant createdOn = Instant.EPOCH;
    Instant modifiedOn = Instant.EPOCH;
    Optional<Instant> activatedOn = Optional.empty();
    Optional<Stamp> stamp = Optional.empty();
    boolean deleted;

    Zone zone() {
        return new Zone(
                id,
                DomainName.of(name),
                type.orElse(ZoneType.FULL),
                status.orElse(ZoneStatus.PENDING),
                paused.orElse(false),
                version,
                serial,
                nameServers,
                createdOn,
                modifiedOn,
                activatedOn);
    }
}
