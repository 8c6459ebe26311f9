package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.view.CnameFlattening;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.compile.NameAnswers.Alias;
import io.anycastle.dns.compile.NameAnswers.Proxying;
import io.anycastle.dns.compile.NameAnswers.Shown;
import io.anycastle.dns.wire.Wire;
import io.anycastle.dns.wire.WireName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the answers of one name from its records. */
final class NameCompiler {
    private final int autoTtlSeconds;
    private final boolean flattensWithinZone;
    private final OutsideTargets outside;

    NameCompiler(AnswerConfig config, OutsideTargets outside) {
        autoTtlSeconds = config.autoTtlSeconds();
        flattensWithinZone = config.flattensWithinZone();
        this.outside = outside;
    }

    /** @param zone the name of the zone that the records are in */
    NameAnswers compile(NameRecords records, DomainName zone) {
        RrSet[] sets = sets(records);
        Alias alias = alias(records, sets, zone);
        RrSet[] seen = alias != null && alias.isHidden() ? without(alias.set(), sets) : sets;
        return new NameAnswers(seen, alias, referral(records, sets), proxying(records.records()), null);
    }

    private static RrSet[] without(RrSet hidden, RrSet[] sets) {
        return Arrays.stream(sets).filter(set -> set.type() != hidden.type()).toArray(RrSet[]::new);
    }

    private RrSet[] sets(NameRecords records) {
        if (records.records().size() == 1) {
            Record only = records.records().getFirst();
            int ttl = only.ttl().orAuto(autoTtlSeconds);
            return new RrSet[] {RrWriter.set(records.name(), only.type().code(), ttl, List.of(only.rdata()))};
        }
        Map<RecordType, List<Record>> byType = new TreeMap<>();
        for (Record record : records.records()) {
            byType.computeIfAbsent(record.type(), _ -> new ArrayList<>(1)).add(record);
        }
        RrSet[] sets = new RrSet[byType.size()];
        int i = 0;
        for (var entry : byType.entrySet()) {
            sets[i++] = set(records.name(), entry.getKey(), entry.getValue());
        }
        return sets;
    }

    /** One set, one TTL: the lowest (RFC 2181 section 5.2). */
    private RrSet set(DomainName owner, RecordType type, List<Record> records) {
        int ttl = Integer.MAX_VALUE;
        List<Rdata> rdatas = new ArrayList<>(records.size());
        for (Record record : records) {
            ttl = Math.min(ttl, record.ttl().orAuto(autoTtlSeconds));
            if (!rdatas.contains(record.rdata())) {
                rdatas.add(record.rdata());
            }
        }
        return RrWriter.set(owner, type.code(), ttl, rdatas);
    }

    private @Nullable Alias alias(NameRecords records, RrSet[] sets, DomainName zone) {
        for (Record record : records.records()) {
            if (record.type() == RecordType.CNAME) {
                Optional<DomainName> target = CnameFlattening.target(record);
                Shown shown = shown(record, target, zone);
                boolean mayBeOutside = shown == Shown.HIDDEN
                        || target.filter(name -> !name.isAtOrBelow(zone)).isPresent();
                return new Alias(
                        named(RecordType.CNAME, sets),
                        lowerCase(record.rdata()),
                        shown,
                        mayBeOutside ? target.map(outside::of).orElse(null) : null);
            }
        }
        return null;
    }

    private Shown shown(Record record, Optional<DomainName> target, DomainName zone) {
        if (record.name().equals(zone)) {
            return Shown.HIDDEN;
        }
        boolean isWithin = flattensWithinZone
                && target.filter(name -> name.isAtOrBelow(zone)).isPresent();
        return isWithin || record.settings().flattenCname() ? Shown.FLATTENED : Shown.AS_IT_IS;
    }

    private static RrSet named(RecordType type, RrSet[] sets) {
        return Arrays.stream(sets)
                .filter(s -> s.type() == type.code())
                .findFirst()
                .orElseThrow();
    }

    /** NS below the apex cuts the zone there; a wildcard's NS is data (RFC 4592 section 4.2). */
    private static @Nullable Referral referral(NameRecords records, RrSet[] sets) {
        if (Arrays.stream(sets).noneMatch(set -> set.type() == Wire.TYPE_NS)) {
            return null;
        }
        List<byte[]> hosts = new ArrayList<>();
        List<Integer> hostAt = new ArrayList<>();
        int at = 0;
        for (Rdata server : nameServers(records)) {
            hosts.add(lowerCase(server));
            hostAt.add(at + 12);
            at += 12 + server.length();
        }
        return hosts.isEmpty() ? null : new Referral(named(RecordType.NS, sets), hosts, hostAt);
    }

    private static List<Rdata> nameServers(NameRecords records) {
        if (records.name().isWildcard()) {
            return List.of();
        }
        return records.records().stream()
                .filter(r -> r.type() == RecordType.NS)
                .map(Record::rdata)
                .distinct()
                .toList();
    }

    private static byte[] lowerCase(Rdata name) {
        WireName lower = new WireName();
        lower.set(name.wire());
        return Arrays.copyOf(lower.octets(), lower.length());
    }

    /** One proxied address makes all addresses of the name proxied. */
    private static Proxying proxying(List<Record> records) {
        Proxying proxying = Proxying.NO;
        for (Record record : records) {
            if (record.proxied() && record.type().isProxiable()) {
                if (record.settings().ipv4Only()) {
                    return Proxying.IPV4_ONLY;
                }
                if (record.settings().ipv6Only()) {
                    return Proxying.IPV6_ONLY;
                }
                proxying = Proxying.BOTH;
            }
        }
        return proxying;
    }
}
