package io.anycastle.dns.answer;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.view.EdgeView;
import io.anycastle.dns.AnswerConfig;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The same answers worked out the plain way, straight from the view and the RFCs' words: what the compiled table is judged by. */
final class SlowAnswers {
    private final EdgeView view;
    private final AnswerConfig config;
    private final TreeSet<String> answer = new TreeSet<>();
    private final TreeSet<String> authority = new TreeSet<>();
    private final TreeSet<String> additional = new TreeSet<>();
    private final Set<DomainName> followed = new HashSet<>();

    private SlowAnswers(EdgeView view, AnswerConfig config) {
        this.view = view;
        this.config = config;
    }

    /** The answer in the form of {@link Asking#tell}. */
    static String told(EdgeView view, AnswerConfig config, DomainName name, RecordType type) {
        SlowAnswers slow = new SlowAnswers(view, config);
        String status = slow.solve(name, type, 1);
        return (status + " | " + String.join(", ", slow.answer) + " | " + String.join(", ", slow.authority) + " | "
                        + String.join(", ", slow.additional))
                .replaceAll(" +", " ")
                .strip();
    }

    private String solve(DomainName name, RecordType type, int round) {
        Optional<ZoneState> zone = zoneFor(name, type);
        if (zone.isEmpty()) {
            return round == 1 ? "REFUSED" : "NOERROR aa";
        }
        ZoneState in = zone.get();
        Optional<DomainName> cut = cut(in, name, type);
        if (cut.isPresent()) {
            refer(in, cut.get());
            return round == 1 ? "NOERROR" : "NOERROR aa";
        }
        boolean exists = in.exists(name) || view.zones().containsKey(name);
        DomainName owner = exists ? name : closestEncloser(in, name).wildcardChild();
        if (!exists && in.at(owner).isEmpty()) {
            // A name that exists only above others has no records, wildcard or not.
            if (!in.exists(owner)) {
                return no(in, "NXDOMAIN aa");
            }
        }
        return fromName(in, name, in.at(owner).map(NameRecords::records).orElse(List.of()), new Asked(type, round));
    }

    private record Asked(RecordType type, int round) {}

    private Optional<ZoneState> zoneFor(DomainName name, RecordType type) {
        if (type == RecordType.DS
                && view.zones().containsKey(name)
                && name.parent().isPresent()) {
            Optional<ZoneState> parent = view.zoneOf(name.parent().get());
            return parent.isPresent() ? parent : view.zoneOf(name);
        }
        return view.zoneOf(name);
    }

    private static Optional<DomainName> cut(ZoneState zone, DomainName name, RecordType type) {
        Optional<DomainName> highest = Optional.empty();
        DomainName at = name;
        while (at.isBelow(zone.zone().name())) {
            boolean parentSide = at.equals(name) && type == RecordType.DS;
            if (!parentSide && !at.isWildcard() && !of(zone, at, RecordType.NS).isEmpty()) {
                highest = Optional.of(at);
            }
            at = at.parent().orElseThrow();
        }
        return highest;
    }

    private static List<Record> of(ZoneState zone, DomainName name, RecordType type) {
        return zone.at(name).map(NameRecords::records).orElse(List.of()).stream()
                .filter(r -> r.type() == type)
                .toList();
    }

    private static DomainName closestEncloser(ZoneState zone, DomainName name) {
        DomainName at = name;
        while (!zone.exists(at)) {
            at = at.parent().orElseThrow();
        }
        return at;
    }

    private String fromName(ZoneState zone, DomainName owner, List<Record> records, Asked asked) {
        RecordType type = asked.type;
        boolean edge = zone.zone().isProxying() && records.stream().anyMatch(Record::proxied);
        boolean address = type == RecordType.A || type == RecordType.AAAA;
        List<Record> aliases =
                records.stream().filter(r -> r.type() == RecordType.CNAME).toList();
        if (edge && (address || !aliases.isEmpty())) {
            List<String> edges = address ? edge(type, records) : List.of();
            edges.forEach(a -> answer.add(owner + ". " + type + " " + a));
            return edges.isEmpty() ? no(zone, "NOERROR aa") : "NOERROR aa";
        }
        if (type == RecordType.NS && owner.equals(zone.zone().name())) {
            zone.zone().nameServers().forEach(n -> answer.add(owner + ". NS " + n + "."));
            return "NOERROR aa";
        }
        List<Record> found = records.stream().filter(r -> r.type() == type).toList();
        found.forEach(r -> answer.add(owner + ". " + type + " " + r.content()));
        if (type == RecordType.MX || type == RecordType.NS) {
            found.forEach(r -> addHost(
                    zone, DomainName.of(r.content().substring(r.content().indexOf(' ') + 1))));
        }
        if (found.isEmpty() && !aliases.isEmpty()) {
            if (!followed.add(owner)) {
                return "NOERROR aa";
            }
            answer.add(owner + ". CNAME " + aliases.getFirst().content());
            DomainName target = DomainName.of(aliases.getFirst().content());
            return asked.round < 8 ? solve(target, type, asked.round + 1) : "NOERROR aa";
        }
        return found.isEmpty() ? no(zone, "NOERROR aa") : "NOERROR aa";
    }

    private List<String> edge(RecordType type, List<Record> records) {
        boolean other = records.stream()
                .filter(Record::proxied)
                .map(Record::settings)
                .anyMatch(s -> type == RecordType.A ? s.ipv6Only() : s.ipv4Only());
        if (other) {
            return List.of();
        }
        List<? extends InetAddress> addresses = type == RecordType.A ? config.edgeIpv4() : config.edgeIpv6();
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    private String no(ZoneState zone, String status) {
        authority.add(zone.zone().name() + ". SOA");
        return status;
    }

    private void refer(ZoneState zone, DomainName cut) {
        for (Record server : of(zone, cut, RecordType.NS)) {
            authority.add(cut + ". NS " + server.content());
            addHost(zone, DomainName.of(server.content()));
        }
    }

    /** A host's addresses in the deepest zone of ours: its own, glue among them, or those of the wildcard that stands for it. */
    private void addHost(ZoneState answering, DomainName host) {
        if (!host.isAtOrBelow(answering.zone().name())) {
            return;
        }
        ZoneState zone = view.zoneOf(host).orElseThrow();
        boolean isDelegated = cut(zone, host, RecordType.A).isPresent();
        DomainName owner = zone.exists(host) || isDelegated
                ? host
                : closestEncloser(zone, host).wildcardChild();
        List<Record> all = zone.at(owner).map(NameRecords::records).orElse(List.of());
        for (RecordType type : List.of(RecordType.A, RecordType.AAAA)) {
            if (zone.zone().isProxying() && all.stream().anyMatch(Record::proxied)) {
                edge(type, all).forEach(a -> additional.add(host + ". " + type + " " + a));
            } else {
                of(zone, owner, type).forEach(r -> additional.add(host + ". " + type + " " + r.content()));
            }
        }
    }
}
