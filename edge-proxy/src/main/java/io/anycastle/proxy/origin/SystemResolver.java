package io.anycastle.proxy.origin;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.resolve.Resolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

/** Asks the recursive servers of this machine, or named ones, and keeps answers for their TTL in a bounded cache. Any thread. */
public final class SystemResolver implements Resolver {
    /** Names kept with their addresses. */
    private static final int ENTRIES_MAX = 10_000;

    /** Longest time a name's absence is kept, in seconds. */
    private static final int ABSENCE_SECONDS_MAX = 30;

    private final LookupSession session;

    /**
     * @param servers empty for those of this machine
     * @param timeout for one question to one server
     * @throws UnknownHostException when this machine names no server that can be used
     */
    public SystemResolver(List<InetSocketAddress> servers, Duration timeout) throws UnknownHostException {
        ExtendedResolver resolver = servers.isEmpty() ? new ExtendedResolver() : new ExtendedResolver(simple(servers));
        resolver.setTimeout(timeout);
        resolver.setRetries(1);
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(ENTRIES_MAX);
        cache.setMaxNCache(ABSENCE_SECONDS_MAX);
        var builder = LookupSession.builder().resolver(resolver).cache(cache);
        session = servers.isEmpty() ? builder.defaultHostsFileParser().build() : builder.build();
    }

    private static List<org.xbill.DNS.Resolver> simple(List<InetSocketAddress> servers) {
        List<org.xbill.DNS.Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            resolvers.add(new SimpleResolver(server));
        }
        return resolvers;
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(DomainName name) {
        Name asked;
        try {
            asked = new Name(name.toString(), Name.root);
        } catch (TextParseException e) {
            return CompletableFuture.failedFuture(e);
        }
        var v4 = session.lookupAsync(asked, Type.A).handle(Answer::new);
        var v6 = session.lookupAsync(asked, Type.AAAA).handle(Answer::new);
        return v4.thenCombine(v6, (a, b) -> merge(name, a, b));
    }

    private static List<InetAddress> merge(DomainName name, Answer v4, Answer v6) {
        List<InetAddress> addresses = new ArrayList<>();
        v4.addTo(addresses);
        v6.addTo(addresses);
        if (addresses.isEmpty()) {
            throw new CompletionException(new UnknownHostException(name + " has no address"));
        }
        return addresses;
    }

    private record Answer(
            @Nullable LookupResult result, @Nullable Throwable failure) {

        void addTo(List<InetAddress> addresses) {
            if (result == null) {
                return;
            }
            for (Record record : result.getRecords()) {
                if (record instanceof ARecord a) {
                    addresses.add(a.getAddress());
                } else if (record instanceof AAAARecord aaaa) {
                    addresses.add(aaaa.getAddress());
                }
            }
        }
    }
}
