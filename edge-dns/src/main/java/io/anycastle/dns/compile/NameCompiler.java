package io.anycastle.dns.compile;

import io.anycastle.core.health.UnhealthyAddresses;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.view.CnameFlattening;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.compile.Elsewhere.Alias;
import io.anycastle.dns.compile.Elsewhere.Shown;
import io.anycastle.dns.compile.NameAnswers.ProxyStatus;
import io.anycastle.dns.compile.NameAnswers.Proxying;
import io.anycastle.dns.wire.AnswerWriter;
import io.anycastle.dns.wire.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the answers of one name from its records. */
final class NameCompiler {
    private static final List<RecordType> MAIL_TYPES = List.of(RecordType.MX, RecordType.SRV);
    private static final Stamp NO_STAMP = new Stamp(0, 0, "");

    private final int autoTtlSeconds;
    private final boolean flattensWithinZone;
    private final ExternalTargets outside;
    private final UnhealthyAddresses unhealthy;

    NameCompiler(AnswerConfig config, ExternalTargets outside, UnhealthyAddresses unhealthy) {
        this.unhealthy = unhealthy;
        autoTtlSeconds = config.autoTtlSeconds();
        flattensWithinZone = config.flattensWithinZone();
        this.outside = outside;
    }

    /** What the table keeps of a name: its answers, or the records where those follow from them alone. */
    Object kept(NameRecords records, DomainName zone, MailHosts mail) {
        return isPlain(records) ? unhealthy.answered(records) : compile(records, zone, mail);
    }

    private static boolean isPlain(NameRecords records) {
        for (Record record : records.records()) {
            boolean isMore = switch (record.type().code()) {
                case Wire.TYPE_CNAME, Wire.TYPE_DNAME, Wire.TYPE_NS, Wire.TYPE_MX, Wire.TYPE_SRV -> true;
                default -> false;
            };
            if (isMore) {
                return false;
            }
        }
        return true;
    }

    /** The answers of a name of which the table keeps the records. Any thread. */
    NameAnswers plain(NameRecords records) {
        return NameAnswers.of(sets(records), null, ProxyStatus.of(proxying(records.records())));
    }

    /**
     * @param zone the name of the zone that the records are in
     * @param mail the zone's mail hosts, which have another name while they are proxied
     */
    NameAnswers compile(NameRecords all, DomainName zone, MailHosts mail) {
        NameRecords records = unhealthy.answered(all);
        RrSet[] sets = sets(records);
        Elsewhere elsewhere = elsewhere(records, sets, zone);
        boolean isHidden = elsewhere instanceof Alias alias && alias.isHidden();
        RrSet[] seen = isHidden ? without(RecordType.CNAME, sets) : sets;
        RrSet[] whileProxying = mail.isEmpty() ? RrSet.NONE : renamed(records, mail);
        return NameAnswers.of(seen, elsewhere, ProxyStatus.of(proxying(records.records()), whileProxying));
    }

    /** A name that answers those addresses as its own, whether or not they are proxied where they come from. */
    NameAnswers addresses(DomainName name, List<Record> records) {
        RrSet[] sets = sets(new NameRecords(name, NO_STAMP, records));
        return NameAnswers.of(sets, null, ProxyStatus.of(Proxying.NO));
    }

    /** The MX and SRV sets in which a host has another name. */
    private RrSet[] renamed(NameRecords records, MailHosts mail) {
        List<RrSet> renamed = new ArrayList<>(0);
        for (RecordType type : MAIL_TYPES) {
            List<Record> ofType =
                    records.records().stream().filter(r -> r.type() == type).toList();
            if (ofType.stream().anyMatch(r -> instead(r, mail).isPresent())) {
                List<Rdata> rdatas =
                        ofType.stream().map(r -> renamed(r, mail)).distinct().toList();
                int ttl = ofType.stream()
                        .mapToInt(r -> r.ttl().orAuto(autoTtlSeconds))
                        .min()
                        .orElseThrow();
                renamed.add(RrWriter.set(records.name(), type.code(), ttl, rdatas));
            }
        }
        return renamed.isEmpty() ? RrSet.NONE : renamed.toArray(RrSet[]::new);
    }

    private static Optional<DomainName> instead(Record record, MailHosts mail) {
        return Optional.ofNullable(MailHosts.host(record)).flatMap(mail::instead);
    }

    private static Rdata renamed(Record record, MailHosts mail) {
        Optional<DomainName> instead = instead(record, mail);
        if (instead.isEmpty()) {
            return record.rdata();
        }
        byte[] name = instead.get().wire();
        int nameAt = Wire.nameAt(record.type().code());
        byte[] wire = Arrays.copyOf(record.rdata().wire(), nameAt + name.length);
        System.arraycopy(name, 0, wire, nameAt, name.length);
        return Rdata.of(wire);
    }

    private static RrSet[] without(RecordType hidden, RrSet[] sets) {
        return Arrays.stream(sets).filter(set -> set.type() != hidden.code()).toArray(RrSet[]::new);
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

    private @Nullable Elsewhere elsewhere(NameRecords records, RrSet[] sets, DomainName zone) {
        for (Record record : records.records()) {
            if (record.type() == RecordType.CNAME) {
                return alias(records, record, named(RecordType.CNAME, sets), zone);
            }
            boolean isDelegation = record.type() == RecordType.NS
                    && !records.name().equals(zone)
                    && !records.name().isWildcard(); // a wildcard's NS is data (RFC 4592 section 4.2)
            if (isDelegation) {
                return new Elsewhere.Referral(named(RecordType.NS, sets));
            }
            if (record.type() == RecordType.DNAME) {
                return redirection(record, named(RecordType.DNAME, sets));
            }
        }
        return null;
    }

    private static Elsewhere.Redirection redirection(Record record, RrSet set) {
        boolean isInward = CnameFlattening.target(record)
                .filter(target -> target.isAtOrBelow(record.name()))
                .isPresent();
        return new Elsewhere.Redirection(set, target(set), isInward);
    }

    private Alias alias(NameRecords records, Record record, RrSet set, DomainName zone) {
        Optional<DomainName> target = CnameFlattening.target(record);
        boolean isWithin = target.filter(name -> name.isAtOrBelow(zone)).isPresent();
        ExternalTarget addresses = target.map(outside::of).orElse(null);
        return new Alias(set, target(set), shown(records, record, isWithin, zone), isWithin, addresses);
    }

    private Shown shown(NameRecords records, Record record, boolean isWithin, DomainName zone) {
        if (record.name().equals(zone) || CnameFlattening.isAccompanied(records)) {
            return Shown.HIDDEN;
        }
        boolean isFlattened =
                (flattensWithinZone && isWithin) || record.settings().flattenCname();
        return isFlattened ? Shown.FLATTENED : Shown.AS_IT_IS;
    }

    private static RrSet named(RecordType type, RrSet[] sets) {
        return Arrays.stream(sets)
                .filter(s -> s.type() == type.code())
                .findFirst()
                .orElseThrow();
    }

    /** The name that is the data of the first record. */
    private static byte[] target(RrSet set) {
        return RrWriter.lowerCase(set.plain(), AnswerWriter.RECORD_OCTETS);
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
