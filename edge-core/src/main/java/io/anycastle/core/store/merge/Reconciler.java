package io.anycastle.core.store.merge;

import com.hazelcast.cluster.Member;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.store.cluster.ClusterMaps;
import io.anycastle.core.store.cluster.MapWriter;
import io.anycastle.core.store.cluster.MembershipSession;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.cluster.Peers;
import io.anycastle.core.store.plan.RecordIds;
import io.anycastle.core.store.state.Buckets;
import io.anycastle.core.store.state.Digests;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.store.write.ChangePath;
import io.anycastle.core.store.write.Follower;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes nodes hold the same: a node whose state of a zone is history pulls what is newer; two that went apart are merged by the oldest
 * member, which then tells all. Any thread; a zone's lock is taken only to write, never while another node is asked.
 */
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int ATTEMPTS = 5;
    /** From so many names on a difference is not one journal entry but a snapshot. */
    private static final int BULK_NAMES = 50_000;

    private final ChangePath.Parts parts;
    private final Follower follower;
    private final MapWriter mapWriter;
    private final Settings settings;
    private final RecordIds ids = new RecordIds();

    /**
     * @param peerTimeout longest time that another node may take to answer
     * @param conflictsMax how many losers of merges each zone lists
     */
    public record Settings(Duration peerTimeout, int conflictsMax, MergeCounters counters) {}

    public Reconciler(ChangePath.Parts parts, Follower follower, MapWriter mapWriter, Settings settings) {
        this.parts = parts;
        this.follower = follower;
        this.mapWriter = mapWriter;
        this.settings = settings;
    }

    /** Compares everything with one other node. Returns how many zones differed. */
    public int compareAll(MembershipSession joined, Member member) throws IOException {
        byte[] request = PeerCodec.request(PeerCodec.Kind.OVERVIEW, out -> {});
        Map<DomainName, Long> theirs = PeerCodec.overview(joined.peers().ask(member, request, settings.peerTimeout()));
        Set<DomainName> zones = new HashSet<>(theirs.keySet());
        StoreImage mine = parts.journal().image();
        zones.addAll(mine.zones().keySet());
        int differing = 0;
        for (DomainName zone : zones) {
            ZoneImage image = mine.zone(zone);
            Long digest = theirs.get(zone);
            boolean isSame = digest == null ? image.isNever() : digest == Digests.of(zone, image);
            if (!isSame) {
                differing++;
                compare(joined, member, zone);
            }
        }
        return differing;
    }

    /** Compares one zone with one other node and makes both hold the same. */
    public void compare(MembershipSession joined, Member member, DomainName zone) throws IOException {
        Pull pull = new Pull(joined.peers(), member, zone, settings.peerTimeout());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ZoneImage mine = parts.journal().image().zone(zone);
            ZoneImage theirs = pull.rest();
            boolean isSameHistory = mine.stamp().equals(theirs.stamp());
            if (!isSameHistory && mine.hasSeenAll(theirs.seen())) {
                askToCatchUp(joined, member, zone);
                return;
            }
            if (!isSameHistory && theirs.hasSeenAll(mine.seen())) {
                catchUp(joined, member, zone);
                return;
            }
            PeerCodec.Outline outline = pull.outline(mine);
            if (!ZoneMerge.imageOf(outline.rest()).stamp().equals(theirs.stamp())) {
                continue; // it was written to in between
            }
            if (isSameHistory && holdsSame(mine, outline)) {
                return;
            }
            if (isSameHistory) {
                LOG.error(
                        "{} differs between this node and {} without a change that explains it; merging",
                        zone,
                        Peers.nodeOf(member));
            }
            if (merge(joined, member, zone, mine, pull, outline)) {
                return;
            }
        }
        LOG.warn("{} is written too often to be compared with {} now", zone, Peers.nodeOf(member));
    }

    private static boolean holdsSame(ZoneImage mine, PeerCodec.Outline outline) {
        return Buckets.differing(Buckets.sums(mine, outline.sums().length), outline.sums())
                .isEmpty();
    }

    private void askToCatchUp(MembershipSession joined, Member member, DomainName zone) throws IOException {
        try {
            PeerCodec.Taken taken = joined.replication()
                    .catchUp(member, zone)
                    .get(settings.peerTimeout().toMillis(), TimeUnit.MILLISECONDS);
            if (taken != PeerCodec.Taken.DURABLE) {
                throw new IOException(Peers.nodeOf(member) + " does not catch up on " + zone + ": " + taken);
            }
            LOG.info("{} has caught up on {}", Peers.nodeOf(member), zone);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(Peers.nodeOf(member) + " does not catch up on " + zone + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Pulls the zone from a node that has seen all this one has, and more. */
    public PeerCodec.Taken catchUp(MembershipSession joined, Member member, DomainName zone) throws IOException {
        Pull pull = new Pull(joined.peers(), member, zone, settings.peerTimeout());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ZoneImage mine = parts.journal().image().zone(zone);
            PeerCodec.Outline outline = pull.outline(mine);
            ZoneImage theirs = ZoneMerge.imageOf(outline.rest());
            if (mine.hasSeenAll(theirs.seen()) && (!mine.stamp().equals(theirs.stamp()) || holdsSame(mine, outline))) {
                return PeerCodec.Taken.DURABLE;
            }
            if (!theirs.hasSeenAll(mine.seen())) {
                return PeerCodec.Taken.DIVERGED;
            }
            Pull.Found found = pull.names(mine, outline);
            ZoneDelta delta = ZoneMerge.catchUp(zone, mine, found.differing(), found.theirs());
            switch (write(delta, mine.stamp())) {
                case WRITTEN -> {
                    settings.counters().catchUps.increment();
                    return PeerCodec.Taken.DURABLE;
                }
                case REFUSED -> {
                    return PeerCodec.Taken.REFUSED;
                }
                case CHANGED_MEANWHILE -> LOG.debug("{} changed while it was pulled", zone);
            }
        }
        return PeerCodec.Taken.BEHIND;
    }

    private enum Written {
        WRITTEN,
        CHANGED_MEANWHILE,
        REFUSED
    }

    /** Writes the delta where the zone is still what it was made for. */
    private Written write(ZoneDelta delta, Stamp base) {
        ReentrantLock lock = parts.locks().of(delta.zone());
        lock.lock();
        try {
            if (!parts.journal().image().zone(delta.zone()).stamp().equals(base)) {
                return Written.CHANGED_MEANWHILE;
            }
            boolean isDone = delta.names().size() > BULK_NAMES ? follower.adopt(delta) : follower.write(delta);
            return isDone ? Written.WRITTEN : Written.REFUSED;
        } finally {
            lock.unlock();
        }
    }

    /** Merges the zone; false when it changed meanwhile. */
    private boolean merge(
            MembershipSession joined,
            Member member,
            DomainName zone,
            ZoneImage mine,
            Pull pull,
            PeerCodec.Outline outline)
            throws IOException {
        Pull.Found found = pull.names(mine, outline);
        Stamp theirs = found.theirs().image().stamp();
        Stamp above = mine.stamp().compareTo(theirs) > 0 ? mine.stamp() : theirs;
        var context = new ZoneMerge.Context(
                parts.clock().next(above),
                Instant.ofEpochMilli(parts.clock().now()),
                ids,
                parts.clock().stampMillisMax(),
                settings.conflictsMax());
        ZoneDelta delta = ZoneMerge.merge(zone, mine, found.differing(), found.theirs(), context);
        if (write(delta, mine.stamp()) != Written.WRITTEN) {
            return false;
        }
        publish(joined, delta);
        settings.counters().merges.increment();
        settings.counters().conflictsFound.add(delta.losses().added().size());
        LOG.info(
                "{} was changed on both sides of a cut; merged with {}: {} names differed, {} conflicts",
                zone,
                Peers.nodeOf(member),
                delta.names().size(),
                delta.losses().added().size());
        return true;
    }

    /** Tells a merged state to the maps and to all other nodes. */
    private void publish(MembershipSession joined, ZoneDelta delta) {
        DomainName zone = delta.zone();
        joined.maps()
                .putHead(
                        zone,
                        ClusterMaps.headValue(zone, parts.journal().image().zone(zone)));
        mapWriter.put(zone, delta.changedNames());
        if (delta.names().size() > BULK_NAMES) {
            joined.peers().others().forEach(other -> joined.replication().catchUp(other, zone));
        } else {
            joined.replication().send(delta);
        }
    }
}
