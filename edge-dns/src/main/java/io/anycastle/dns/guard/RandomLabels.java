package io.anycastle.dns.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Finds the zones that are flooded with questions for made-up names ("water torture"): many denials alone may be one broken client, many
 * different names are none. Threads note denials, each in a {@link DenialWatch} of its own; once per window they are put together here.
 */
public final class RandomLabels {
    private static final Logger LOG = LoggerFactory.getLogger(RandomLabels.class);
    private static final int ZONES_MAX = 32;
    private static final long[] NONE = {};

    private final RandomLabelConfig config;
    private final long windowMillis;
    private final List<DenialWatch> watches = new CopyOnWriteArrayList<>();
    private volatile long[] hashes = NONE;
    private volatile List<FloodedZone> zones = List.of();

    RandomLabels(RandomLabelConfig config) {
        this.config = config;
        windowMillis = config.window().toMillis();
    }

    /** What all threads saw of one zone. */
    private static final class Sum {
        private final byte[] apex;
        private final byte[] registers = new byte[DenialSketch.REGISTERS];
        private long denials;

        private Sum(byte[] apex) {
            this.apex = apex;
        }

        private void add(long more, byte[] others) {
            denials += more;
            for (int i = 0; i < registers.length; i++) {
                registers[i] = (byte) Math.max(registers[i], others[i]);
            }
        }
    }

    private record Found(long hash, FloodedZone zone) {}

    boolean isWatching() {
        return config.namesPerSecond() > 0;
    }

    /** A watch for one more thread. */
    DenialWatch watch() {
        DenialWatch watch = new DenialWatch(windowMillis);
        watches.add(watch);
        return watch;
    }

    /** Hashes of the zones that are flooded now, few; not to be written to. */
    long[] flooded() {
        return hashes;
    }

    /** The zones that are flooded now, the worst first. Any thread. */
    public List<FloodedZone> zones() {
        return zones;
    }

    /** Puts the window together that ended last; to be called once in each, by one thread. Returns how many floods began. */
    public int evaluate(long nowMillis) {
        Map<Long, Sum> sums = new HashMap<>();
        long window = nowMillis / windowMillis - 1;
        watches.forEach(watch -> watch.show(
                window,
                (zone, apex, denials, registers) ->
                        sums.computeIfAbsent(zone, _ -> new Sum(apex)).add(denials, registers)));
        List<Found> found = new ArrayList<>();
        sums.forEach((hash, sum) -> {
            long names = perSecond(Math.min(DenialSketch.distinct(sum.registers), (double) sum.denials));
            if (names >= config.namesPerSecond()) {
                found.add(new Found(hash, new FloodedZone(text(sum.apex), perSecond((double) sum.denials), names)));
            }
        });
        found.sort(Comparator.comparingLong((Found flood) -> flood.zone.namesPerSecond())
                .reversed());
        List<Found> worst = found.subList(0, Math.min(found.size(), ZONES_MAX));
        return publish(worst);
    }

    private int publish(List<Found> worst) {
        Set<String> before = names(zones);
        zones = worst.stream().map(Found::zone).toList();
        hashes = worst.stream().mapToLong(Found::hash).toArray();
        List<FloodedZone> begun =
                zones.stream().filter(zone -> !before.contains(zone.name())).toList();
        begun.forEach(zone -> LOG.warn(
                "random names: {} is asked for about {} different names a second that it does not have",
                zone.name(),
                zone.namesPerSecond()));
        before.removeAll(names(zones));
        before.forEach(name -> LOG.info("random names: {} is asked no more than usual", name));
        return begun.size();
    }

    private static Set<String> names(List<FloodedZone> zones) {
        Set<String> names = new HashSet<>();
        zones.forEach(zone -> names.add(zone.name()));
        return names;
    }

    private long perSecond(double inWindow) {
        return Math.round(inWindow * 1000 / windowMillis);
    }

    private static String text(byte[] apex) {
        try {
            return new Name(apex).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
