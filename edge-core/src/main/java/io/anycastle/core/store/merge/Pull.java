package io.anycastle.core.store.merge;

import com.hazelcast.cluster.Member;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.cluster.Peers;
import io.anycastle.core.store.state.Buckets;
import io.anycastle.core.store.state.ZoneImage;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out how another node's state of a zone differs from this node's: first what it is without names, then sums of names in buckets,
 * then the names of the buckets that differ.
 */
final class Pull {
    private static final int PAGE_NAMES = 5_000;

    private final Peers peers;
    private final Member member;
    private final DomainName zone;
    private final Duration timeout;

    Pull(Peers peers, Member member, DomainName zone, Duration timeout) {
        this.peers = peers;
        this.member = member;
        this.zone = zone;
        this.timeout = timeout;
    }

    /**
     * What was found.
     *
     * @param differing this side's names in the places where the two differ
     */
    record Found(ZoneMerge.Theirs theirs, List<NameRecords> differing) {}

    /** The other node's state without its names and without sums of them: enough to see which history is longer, and cheap. */
    ZoneImage rest() throws IOException {
        return ZoneMerge.imageOf(outline(PeerCodec.NO_SUMS).rest());
    }

    /** The other node's state without its names, with sums of them. */
    PeerCodec.Outline outline(ZoneImage mine) throws IOException {
        return outline(mine.state().map(s -> s.names().size()).orElse(0));
    }

    private PeerCodec.Outline outline(int names) throws IOException {
        byte[] request = PeerCodec.request(PeerCodec.Kind.OUTLINE, out -> {
            PeerCodec.writeZone(out, zone);
            out.writeInt(names);
        });
        return PeerCodec.outline(peers.ask(member, request, timeout));
    }

    /** All of the difference. */
    Found names(ZoneImage mine, PeerCodec.Outline outline) throws IOException {
        int count = outline.sums().length;
        BitSet differing = Buckets.differing(Buckets.sums(mine, count), outline.sums());
        Map<DomainName, NameRecords> theirs = new HashMap<>();
        for (int from = 0; !differing.isEmpty(); from += PAGE_NAMES) {
            var wanted = new PeerCodec.NamesWanted(outline.session(), count, differing, from, PAGE_NAMES);
            List<NameRecords> page = PeerCodec.names(peers.ask(member, PeerCodec.namesWanted(wanted), timeout));
            page.forEach(name -> theirs.put(name.name(), name));
            if (page.size() < PAGE_NAMES) {
                break;
            }
        }
        return new Found(
                new ZoneMerge.Theirs(ZoneMerge.imageOf(outline.rest()), theirs), Buckets.names(mine, differing, count));
    }
}
