package io.anycastle.proxy.origin;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.resolve.Resolver;
import io.anycastle.core.view.CnameFlattening;
import io.anycastle.core.view.CurrentView;
import io.anycastle.core.view.EdgeView;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the addresses behind a route: the contents of its A and AAAA records, or what its CNAME leads to, looked up in our own zones as
 * far as they reach and by the resolver beyond them. A partial zone reaches as far as its own records, and only from inside it.
 */
public final class OriginAddresses {
    /** Names in one CNAME chain inside our zones. */
    private static final int CHAIN_MAX = CnameFlattening.ALIASES_MAX;

    private final CurrentView view;
    private final Resolver resolver;

    public OriginAddresses(CurrentView view, Resolver resolver) {
        this.view = view;
        this.resolver = resolver;
    }

    /**
     * The addresses that one of a route's records stands for; empty when there are none, failed when a name outside cannot be looked up.
     *
     * @param owner the record's name
     */
    public Future<List<InetAddress>> find(Record record, DomainName owner) {
        return follow(List.of(record), owner, 0);
    }

    /**
     * The same for an address or a name that a record's settings hold.
     *
     * @param owner the name of the record
     */
    public Future<List<InetAddress>> find(String origin, DomainName owner) {
        Optional<InetAddress> literal = literal(origin);
        if (literal.isPresent()) {
            return Future.succeededFuture(List.of(literal.get()));
        }
        return name(origin).map(name -> follow(name, owner, 1)).orElse(Future.succeededFuture(List.of()));
    }

    /** Whether it is an address, and so no name to be looked up. */
    public static boolean isAddress(String origin) {
        return literal(origin).isPresent();
    }

    private static Optional<InetAddress> literal(String origin) {
        try {
            return Optional.of(InetAddress.ofLiteral(origin));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Future<List<InetAddress>> follow(List<Record> records, DomainName owner, int depth) {
        List<InetAddress> addresses = new ArrayList<>(records.size());
        for (Record record : records) {
            if (record.type() == RecordType.CNAME) {
                return name(record.content())
                        .map(name -> follow(name, owner, depth + 1))
                        .orElse(Future.succeededFuture(List.of()));
            }
            if (record.type() == RecordType.A || record.type() == RecordType.AAAA) {
                addresses.add(address(record));
            }
        }
        return Future.succeededFuture(addresses);
    }

    private Future<List<InetAddress>> follow(DomainName name, DomainName alias, int depth) {
        if (depth > CHAIN_MAX) {
            return Future.succeededFuture(List.of());
        }
        EdgeView now = view.get();
        Optional<ZoneState> zone = now.zoneOf(name);
        if (zone.isEmpty() || !zone.get().isReachedFrom(alias)) {
            return Future.fromCompletionStage(resolver.resolve(name));
        }
        Optional<NameRecords> at = recordsAt(zone.get(), name);
        if (at.isPresent()) {
            return follow(at.get().records(), name, depth);
        }
        // a partial zone holds what is proxied; the rest of its names is where its DNS is
        boolean isElsewhere = zone.get().zone().type() == ZoneType.PARTIAL;
        return isElsewhere ? Future.fromCompletionStage(resolver.resolve(name)) : Future.succeededFuture(List.of());
    }

    /** The name's records, or those of the wildcard that covers it (RFC 4592 section 3.3). */
    private static Optional<NameRecords> recordsAt(ZoneState zone, DomainName name) {
        if (zone.exists(name)) {
            return zone.at(name);
        }
        Optional<DomainName> encloser = name.parent();
        while (encloser.isPresent() && !zone.exists(encloser.get())) {
            encloser = encloser.get().parent();
        }
        return encloser.flatMap(at -> zone.at(at.wildcardChild()));
    }

    private static Optional<DomainName> name(String text) {
        try {
            return Optional.of(DomainName.of(text));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static InetAddress address(Record record) {
        try {
            return InetAddress.getByAddress(record.rdata().wire());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a stored " + record.type() + " record holds no address", e);
        }
    }
}
