package io.anycastle.core.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A zone without its records.
 *
 * @param id 32 lower-case hex digits
 * @param version counts the zone's change sets from 1; the store's compare-and-set works on it
 * @param serial the SOA serial, compared by RFC 1982
 * @param nameServers the host names that the apex NS and SOA answer with, at least one
 */
public record Zone(
        String id,
        DomainName name,
        ZoneType type,
        ZoneStatus status,
        boolean paused,
        long version,
        int serial,
        List<DomainName> nameServers,
        Instant createdOn,
        Instant modifiedOn,
        Optional<Instant> activatedOn,
        UnknownFields unknown) {
    public Zone {
        nameServers = List.copyOf(nameServers);
    }

    public Zone(
            String id,
            DomainName name,
            ZoneType type,
            ZoneStatus status,
            boolean paused,
            long version,
            int serial,
            List<DomainName> nameServers,
            Instant createdOn,
            Instant modifiedOn,
            Optional<Instant> activatedOn) {
        this(
                id,
                name,
                type,
                status,
                paused,
                version,
                serial,
                nameServers,
                createdOn,
                modifiedOn,
                activatedOn,
                UnknownFields.NONE);
    }

    /** Whether proxied records of this zone stand for the edge; otherwise every record answers its content. */
    public boolean isProxying() {
        return status == ZoneStatus.ACTIVE && !paused;
    }

    /** Whether the other differs in nothing but what every change counts up: version, serial and time of change. */
    public boolean hasSettingsOf(Zone other) {
        return id.equals(other.id)
                && type == other.type
                && status == other.status
                && paused == other.paused
                && nameServers.equals(other.nameServers)
                && createdOn.equals(other.createdOn)
                && activatedOn.equals(other.activatedOn)
                && unknown.equals(other.unknown);
    }

    public Zone withNameServers(List<DomainName> others) {
        return new Zone(
                id, name, type, status, paused, version, serial, others, createdOn, modifiedOn, activatedOn, unknown);
    }

    /** The same settings at another point in the zone's history. */
    public Zone at(long newVersion, int newSerial, Instant changedOn) {
        return new Zone(
                id,
                name,
                type,
                status,
                paused,
                newVersion,
                newSerial,
                nameServers,
                createdOn,
                changedOn,
                activatedOn,
                unknown);
    }
}
