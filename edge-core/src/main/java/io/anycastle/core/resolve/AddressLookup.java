package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.RecordType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.hosts.HostsFileParser;

/** Finds the addresses of both families by two questions; the machine's hosts file comes first where it is asked for. */
public final class AddressLookup implements Resolver {
    private static final Logger LOG = LoggerFactory.getLogger(AddressLookup.class);

    private final DnsClient dnsClient;
    private final Optional<HostsFileParser> hosts;

    private AddressLookup(DnsClient dnsClient, Optional<HostsFileParser> hosts) {
        this.dnsClient = dnsClient;
        this.hosts = hosts;
    }

    public static AddressLookup of(DnsClient dnsClient) {
        return new AddressLookup(dnsClient, Optional.empty());
    }

    /** The same as this machine's own programs see it: what its hosts file names is not asked about. */
    public static AddressLookup asThisMachine(DnsClient dnsClient) {
        return new AddressLookup(dnsClient, Optional.of(new HostsFileParser()));
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(DomainName name) {
        List<InetAddress> local = fromHosts(name);
        if (!local.isEmpty()) {
            return CompletableFuture.completedFuture(local);
        }
        return dnsClient
                .ask(name, RecordType.A.code())
                .thenCombine(dnsClient.ask(name, RecordType.AAAA.code()), (v4, v6) -> merge(name, v4, v6));
    }

    private List<InetAddress> fromHosts(DomainName name) {
        List<InetAddress> found = new ArrayList<>();
        if (hosts.isPresent()) {
            try {
                hosts.get()
                        .getAddressForHost(ResponseReader.wireName(name), RecordType.A.code())
                        .ifPresent(found::add);
                hosts.get()
                        .getAddressForHost(ResponseReader.wireName(name), RecordType.AAAA.code())
                        .ifPresent(found::add);
            } catch (IOException e) {
                LOG.debug("the hosts file cannot be read", e);
            }
        }
        return found;
    }

    private static List<InetAddress> merge(DomainName name, LookupResult v4, LookupResult v6) {
        List<InetAddress> addresses = new ArrayList<>();
        addTo(addresses, v4);
        addTo(addresses, v6);
        if (addresses.isEmpty()) {
            String why = v4 instanceof LookupResult.Failed failed
                    ? " cannot be looked up: " + failed.why()
                    : v6 instanceof LookupResult.Failed failed
                            ? " cannot be looked up: " + failed.why()
                            : " has no address";
            throw new CompletionException(new UnknownHostException(name + why));
        }
        return addresses;
    }

    private static void addTo(List<InetAddress> addresses, LookupResult reply) {
        if (reply instanceof LookupResult.Records records) {
            for (Rdata rdata : records.rdatas()) {
                addresses.add(address(rdata));
            }
        }
    }

    private static InetAddress address(Rdata rdata) {
        try {
            return InetAddress.getByAddress(rdata.wire());
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }
}
