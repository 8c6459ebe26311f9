package io.anycastle.dns.steer;

import io.anycastle.core.geo.GeoFile;
import io.anycastle.core.health.Location;
import io.anycastle.core.health.ServingNode;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.compile.EdgeAddresses;
import io.anycastle.dns.compile.RrSet;
import io.anycastle.dns.wire.Wire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a proxied name answers to which client: the edge's anycast addresses, or those of the nodes that serve, by weight, and where a
 * GeoIP database is there, the nearest first. Immutable; choosing allocates nothing.
 *
 * <p>Nodes at one location are equals and share by weight; those whose location nobody told come last. A client whose place is not known
 * gets all nodes by weight.
 */
public final class Steering {
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;

    /** As many kinds of clients as a {@link PlaceTable} tells apart. */
    private static final int CHOICES_MAX = Short.MAX_VALUE;

    private final WeightedRotation[] ipv4;
    private final WeightedRotation[] ipv6;
    private final @Nullable GeoFile geo;
    private final PlaceTable choices;

    private Steering(
            List<WeightedRotation> ipv4, List<WeightedRotation> ipv6, @Nullable GeoFile geo, PlaceTable choices) {
        this.ipv4 = ipv4.toArray(WeightedRotation[]::new);
        this.ipv6 = ipv6.toArray(WeightedRotation[]::new);
        this.geo = geo;
        this.choices = choices;
    }

    /** Every client gets the same addresses. */
    public static Steering anycast(AnswerConfig config) {
        EdgeAddresses addresses = EdgeAddresses.of(config);
        return new Steering(
                List.of(WeightedRotation.ofOne(addresses.ipv4())),
                List.of(WeightedRotation.ofOne(addresses.ipv6())),
                null,
                new PlaceTable());
    }

    /** Every client gets serving nodes by weight. */
    static Steering byWeight(List<ServingNode> nodes, SteerConfig config) {
        List<List<ServingNode>> ranks = List.of(nodes);
        return new Steering(
                List.of(rotation(IPV4_OCTETS, ranks, config)),
                List.of(rotation(IPV6_OCTETS, ranks, config)),
                null,
                new PlaceTable());
    }

    /** Every client gets the nodes nearest to it; seconds of work for a database of cities. */
    static Steering nearest(List<ServingNode> nodes, SteerConfig config, GeoPlaces geo) {
        Map<List<List<ServingNode>>, Integer> made = new LinkedHashMap<>();
        made.put(List.of(nodes), 0);
        PlaceTable choices = new PlaceTable();
        List<Site> sites = Site.of(nodes);
        List<ServingNode> nowhere =
                nodes.stream().filter(node -> node.location().isEmpty()).toList();
        for (int i = 0; i < geo.size(); i++) {
            List<List<ServingNode>> ranks = ranks(geo.location(i), sites, nowhere, config.nodesAnswered());
            if (made.size() <= CHOICES_MAX || made.containsKey(ranks)) {
                choices.put(geo.place(i), made.computeIfAbsent(ranks, _ -> made.size()));
            }
        }
        List<WeightedRotation> ipv4 = new ArrayList<>();
        List<WeightedRotation> ipv6 = new ArrayList<>();
        for (List<List<ServingNode>> ranks : made.keySet()) {
            ipv4.add(rotation(IPV4_OCTETS, ranks, config));
            ipv6.add(rotation(IPV6_OCTETS, ranks, config));
        }
        return new Steering(ipv4, ipv6, geo.file(), choices);
    }

    private static WeightedRotation rotation(int family, List<List<ServingNode>> ranks, SteerConfig config) {
        return WeightedRotation.of(family, ranks, config.nodesAnswered(), config.ttlSeconds());
    }

    /**
     * The sites by distance, in each family only as many as can be answered: one of which no address is ever answered would tell clients
     * apart for nothing.
     */
    private static List<List<ServingNode>> ranks(
            Location client, List<Site> sites, List<ServingNode> nowhere, int nodesAnswered) {
        Map<Double, List<Site>> byDistance = new TreeMap<>();
        for (Site site : sites) {
            byDistance
                    .computeIfAbsent(client.kilometresTo(site.at), _ -> new ArrayList<>(1))
                    .add(site);
        }
        List<List<ServingNode>> ranks = new ArrayList<>();
        int left4 = nodesAnswered;
        int left6 = nodesAnswered;
        for (List<Site> equals : byDistance.values()) {
            for (Site site : equals) {
                if ((left4 > 0 && site.ipv4 > 0) || (left6 > 0 && site.ipv6 > 0)) {
                    ranks.add(site.nodes);
                    left4 -= site.ipv4;
                    left6 -= site.ipv6;
                }
            }
        }
        if (!nowhere.isEmpty()) {
            ranks.add(nowhere);
        }
        return ranks;
    }

    /**
     * The nodes at one location.
     *
     * @param ipv4 how many of them have an IPv4 address, {@code ipv6} the same
     */
    private record Site(Location at, List<ServingNode> nodes, int ipv4, int ipv6) {
        static List<Site> of(List<ServingNode> nodes) {
            Map<Location, List<ServingNode>> byLocation = nodes.stream()
                    .filter(node -> node.location().isPresent())
                    .collect(Collectors.groupingBy(
                            node -> node.location().orElseThrow(), LinkedHashMap::new, Collectors.toList()));
            List<Site> sites = new ArrayList<>();
            byLocation.forEach(
                    (at, all) -> sites.add(new Site(at, all, count(all, IPV4_OCTETS), count(all, IPV6_OCTETS))));
            return sites;
        }

        private static int count(List<ServingNode> nodes, int family) {
            return (int) nodes.stream()
                    .filter(node -> node.addresses().stream().anyMatch(a -> a.getAddress().length == family))
                    .count();
        }
    }

    /** Whether a client's address, or that of the subnet it is told to stand for, makes a difference. */
    public boolean isByPlace() {
        return geo != null;
    }

    /**
     * Finds out which kind of client an address is.
     *
     * @param high the first 64 bits of an IPv6 address; of an IPv4 address 0
     * @param low the other 64 bits; of an IPv4 address its 32 bits
     * @return for {@link #addresses}, with {@link #prefixOf} the bits of the address that decided
     */
    public long kind(boolean isIpv6, long high, long low) {
        if (geo == null) {
            return 0;
        }
        long found = geo.find(isIpv6, high, low);
        int place = (int) (found >> 32);
        int choice = place == GeoFile.UNKNOWN ? 0 : choices.get(place);
        return (long) choice << 32 | (int) found;
    }

    /** How many leading bits of the address decided about its kind (RFC 7871 section 7.2.1). */
    public static int prefixOf(long kind) {
        return (int) kind;
    }

    /**
     * The addresses that a client gets.
     *
     * @param type A or AAAA
     * @param random any number, another for each query
     * @return null when there are none of the family
     */
    public @Nullable RrSet addresses(int type, long kind, int random) {
        WeightedRotation[] wheels = type == Wire.TYPE_A ? ipv4 : ipv6;
        return wheels[(int) (kind >> 32)].at(random);
    }
}
