package io.anycastle.core.store.merge;

import io.anycastle.core.model.NameRecords;
import io.anycastle.core.store.cluster.PeerCodec;
import io.anycastle.core.store.state.Buckets;
import io.anycastle.core.store.state.ZoneImage;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Zone states that other nodes are reading piece by piece: each stays as it was, and is let go when nobody asks for a while. */
final class Sessions {
    private static final int COUNT_MAX = 64;
    private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

    /** A state and the names of it that were asked for last. */
    static final class Session {
        final ZoneImage image;
        private long lastUse = System.nanoTime();
        private List<NameRecords> names = List.of();

        Session(ZoneImage image) {
            this.image = image;
        }

        /** A page of the names of those buckets; the first page collects them all. */
        synchronized List<NameRecords> page(PeerCodec.NamesWanted wanted) {
            if (wanted.from() == 0) {
                names = Buckets.names(image, wanted.wanted(), wanted.buckets());
            }
            int from = Math.min(wanted.from(), names.size());
            return names.subList(from, Math.min(names.size(), from + wanted.max()));
        }
    }

    /** Guarded by this; the least recently used first. */
    private final Map<Long, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    synchronized long open(ZoneImage image) {
        long now = System.nanoTime();
        Iterator<Session> oldest = sessions.values().iterator();
        while (oldest.hasNext()) {
            Session session = oldest.next();
            if (sessions.size() < COUNT_MAX && now - session.lastUse < IDLE_NANOS) {
                break;
            }
            oldest.remove();
        }
        long id = ThreadLocalRandom.current().nextLong();
        sessions.put(id, new Session(image));
        return id;
    }

    synchronized Optional<Session> use(long id) {
        Session session = sessions.get(id);
        if (session == null) {
            return Optional.empty();
        }
        session.lastUse = System.nanoTime();
        return Optional.of(session);
    }
}
