package io.anycastle.dns.compile;

import io.anycastle.core.model.ClientPorts;
import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Soa;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.wire.Wire;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the names of a zone share: SOA, apex NS and the authority section of "no". Immutable; a change makes a new
 * one and refers to it once, from the apex, which is why a new serial costs the same in a zone of any size.
 */
public final class ZoneAnswers {
    /** Serial, refresh, retry, expire and minimum of a SOA record. */
    private static final int NUMBERS_OCTETS = 5 * Integer.BYTES;

    private final Node apex;
    private final boolean proxying;
    private final boolean flattensAll;
    private final @Nullable ClientPorts ports;
    private final RrSet soa;
    private final RrSet nameServers;
    private final int apexLabels;
    private final RrWriter.Soa negative;
    private final byte[] negativePlain;

    ZoneAnswers(Node apex, ZoneState state, AnswerConfig config) {
        this.apex = apex;
        Zone zone = state.zone();
        DnsSettings own = state.dnsSettings();
        flattensAll = own.flattenAllCnames();
        proxying = state.isProxying();
        ports = state.proxySettings().ports().orElse(null);
        apexLabels = zone.name().labelCount();
        Soa timers = own.soa().over(config.soa());
        DomainName server = own.soa().server().orElse(zone.nameServers().getFirst());
        DomainName mailbox = own.soa().mailbox().orElseGet(() -> timers.mailbox(zone.name()));
        byte[] numbers = numbers(zone.serial(), timers);
        Rdata rdata = rdata(server.wire(), mailbox.wire(), numbers);
        List<DomainName> names = List.of(server, mailbox);
        soa = RrWriter.set(zone.name(), Wire.TYPE_SOA, timers.ttlSeconds(), List.of(rdata));
        int negativeTtl = Math.min(timers.ttlSeconds(), timers.minimumSeconds());
        negative = RrWriter.soa(zone.name(), negativeTtl, names, numbers);
        negativePlain = RrWriter.set(zone.name(), Wire.TYPE_SOA, negativeTtl, List.of(rdata))
                .plain();
        nameServers = RrWriter.set(
                zone.name(),
                Wire.TYPE_NS,
                own.nsTtlSeconds().orElse(config.nameServerTtlSeconds()),
                nameServers(state));
    }

    private ZoneAnswers(ZoneAnswers other, int serial) {
        apex = other.apex;
        proxying = other.proxying;
        flattensAll = other.flattensAll;
        ports = other.ports;
        apexLabels = other.apexLabels;
        nameServers = other.nameServers;
        soa = RrSet.of(
                other.soa.type(),
                other.soa.count(),
                other.soa.stride(),
                withSerial(other.soa.compact(), serial),
                withSerial(other.soa.plain(), serial));
        negative = new RrWriter.Soa(withSerial(other.negative.octets(), serial), other.negative.pointersAt());
        negativePlain = withSerial(other.negativePlain, serial);
    }

    /** The same at another serial, which is all that most changes of a zone change in it. */
    ZoneAnswers withSerial(int serial) {
        return new ZoneAnswers(this, serial);
    }

    /** The numbers are the last of a SOA record, the serial their first (RFC 1035 section 3.3.13). */
    private static byte[] withSerial(byte[] record, int serial) {
        byte[] changed = record.clone();
        Wire.putI32(changed, changed.length - NUMBERS_OCTETS, serial);
        return changed;
    }

    /** The edge's, and the zone's own where another operator stands beside us; names are their own wire form. */
    private static List<Rdata> nameServers(ZoneState state) {
        Set<Rdata> servers = new LinkedHashSet<>();
        state.zone().nameServers().forEach(name -> servers.add(Rdata.of(name.wire())));
        if (state.dnsSettings().multiProvider()) {
            state.at(state.zone().name()).map(NameRecords::records).orElse(List.of()).stream()
                    .filter(record -> record.type() == RecordType.NS)
                    .forEach(record -> servers.add(record.rdata()));
        }
        return List.copyOf(servers);
    }

    private static byte[] numbers(int serial, Soa timers) {
        return ByteBuffer.allocate(NUMBERS_OCTETS)
                .putInt(serial)
                .putInt(timers.refreshSeconds())
                .putInt(timers.retrySeconds())
                .putInt(timers.expireSeconds())
                .putInt(timers.minimumSeconds())
                .array();
    }

    private static Rdata rdata(byte[] server, byte[] mailbox, byte[] numbers) {
        return Rdata.of(ByteBuffer.allocate(server.length + mailbox.length + numbers.length)
                .put(server)
                .put(mailbox)
                .put(numbers)
                .array());
    }

    /** The zone itself where a label before it would make the name too long. */
    Node apex() {
        return apex;
    }

    /** Whether the zone, as far as it decides, lets proxied names answer the edge's addresses. */
    boolean isProxying() {
        return proxying;
    }

    /** Whether the zone's hosts are served on that port, as far as the zone itself says. */
    boolean isServedOn(int port) {
        return ports == null || ports.contains(port);
    }

    /** Whether every CNAME of the zone is flattened. */
    public boolean flattensAll() {
        return flattensAll;
    }

    /** The zone's name in wire form; not to be written to. */
    public byte[] apexName() {
        return apex.label;
    }

    /** How many labels the zone's name has. */
    public int apexLabels() {
        return apexLabels;
    }

    /** The SOA with the TTL of a negative answer (RFC 2308 section 3); not to be written to. */
    public byte[] negative() {
        return negative.octets();
    }

    /** The same without pointers in the data; not to be written to. */
    public byte[] negativePlain() {
        return negativePlain;
    }

    /** Where in {@link #negative} pointers stand, made for a zone name at offset 12 of the message, the owner's first. */
    public int[] negativePointersAt() {
        return negative.pointersAt();
    }

    @Nullable
    RrSet set(int type) {
        return switch (type) {
            case Wire.TYPE_SOA -> soa;
            case Wire.TYPE_NS -> nameServers;
            default -> null;
        };
    }
}
