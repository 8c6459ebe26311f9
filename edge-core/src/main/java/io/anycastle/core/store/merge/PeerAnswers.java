package io.anycastle.core.store.merge;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.store.cluster.PeerCall;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.journal.Journal;
import io.anycastle.core.store.state.Buckets;
import io.anycastle.core.store.state.Digests;
import io.anycastle.core.store.state.NodeReport;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.store.state.ZonePieces;
import io.anycastle.core.store.write.Follower;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What this node answers to other nodes. Any thread. */
public final class PeerAnswers implements PeerCall.Answers {
    private final Journal journal;
    private final Follower follower;
    private final Sessions sessions = new Sessions();
    private final Supplier<NodeReport> report;
    private final Work work;

    /** What an answer may set going. */
    public interface Work {
        /** Pulls the zone from that node. */
        PeerCodec.Taken catchUp(DomainName zone, String node) throws IOException, InterruptedException;

        /** Compares the zone with that node soon. */
        void compare(DomainName zone, String node);

        /** What the application tells of its health checks. */
        byte[] health();

        /** What the application tells those who follow its log. */
        byte[] tail(byte[] question);
    }

    public PeerAnswers(Journal journal, Follower follower, Supplier<NodeReport> report, Work work) {
        this.journal = journal;
        this.follower = follower;
        this.report = report;
        this.work = work;
    }

    @Override
    public byte[] answer(byte[] request) throws Exception {
        DataInputStream in = PeerCodec.in(request);
        return switch (PeerCodec.kind(in)) {
            case APPEND -> PeerCodec.taken(follower.take(PeerCodec.readDelta(in)));
            case OVERVIEW -> overview();
            case OUTLINE -> outline(PeerCodec.readZone(in), in.readInt());
            case NAMES -> names(PeerCodec.namesWanted(in));
            case CATCH_UP -> PeerCodec.taken(work.catchUp(PeerCodec.readZone(in), in.readUTF()));
            case COMPARE -> {
                work.compare(PeerCodec.readZone(in), in.readUTF());
                yield new byte[0];
            }
            case FACTS -> PeerCodec.report(report.get());
            case HEALTH -> work.health();
            case TAIL -> work.tail(in.readAllBytes());
        };
    }

    private byte[] overview() {
        Map<DomainName, Long> digests = new HashMap<>();
        journal.image().zones().forEach((zone, image) -> digests.put(zone, Digests.of(zone, image)));
        return PeerCodec.overview(digests);
    }

    /** @param namesThere how many names the asker has, so that both split the zone alike */
    private byte[] outline(DomainName zone, int namesThere) {
        ZoneImage image = journal.image().zone(zone);
        int names = image.state().map(s -> s.names().size()).orElse(0);
        if (namesThere == PeerCodec.NO_SUMS) {
            return PeerCodec.outline(new PeerCodec.Outline(0, ZonePieces.rest(zone, image), names, new long[0]));
        }
        long[] sums = Buckets.sums(image, Buckets.count(Math.max(names, namesThere)));
        return PeerCodec.outline(
                new PeerCodec.Outline(sessions.open(image), ZonePieces.rest(zone, image), names, sums));
    }

    private byte[] names(PeerCodec.NamesWanted wanted) throws IOException {
        Sessions.Session session =
                sessions.use(wanted.session()).orElseThrow(() -> new IOException("the session has ended"));
        return PeerCodec.names(new ZoneDelta(
                Account.ZONE, // names of any zone, in the form of a piece of one
                Set.of(),
                session.image.stamp(),
                Optional.empty(),
                session.page(wanted),
                List.of(),
                Map.of(),
                ZoneDelta.Losses.NONE));
    }
}
