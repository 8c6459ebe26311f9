package io.anycastle.core.store.plan;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A zone head's fields as they were read. */
public final class ZoneFields {
    public String id = "";
    public String name = "";
    public Optional<ZoneType> type = Optional.empty();
    public Optional<ZoneStatus> status = Optional.empty();
    public Optional<Boolean> paused = Optional.empty();
    public long version;
    public int serial;
    public List<DomainName> nameServers = List.of();
    public Instant createdOn = Instant.EPOCH;
    public Instant modifiedOn = Instant.EPOCH;
    public Optional<Instant> activatedOn = Optional.empty();
    public Optional<Stamp> stamp = Optional.empty();
    public boolean deleted;

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
