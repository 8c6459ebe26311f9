package io.anycastle.dns.compile;

import io.anycastle.core.model.NameRecords;
import io.anycastle.dns.wire.WireName;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All names of all zones and what they answer. Readers take no lock and never see part of a change; only late answers are allocated.
 *
 * <p><b>Shape.</b> One flat open-addressing array ({@link NameTable}) of {@link Node}s, keyed by the lower-case wire name and the zone it
 * belongs to. Hashes are built label by label from the right, so that walking down to a name yields apex, zone cut and closest encloser
 * without hashing anything twice. A name that exists only because something lies below it has a node too (RFC 4592 section 2.2.2).
 *
 * <p><b>Versions.</b> A change set gets the next number. Preparing it hangs a {@link Node.Version} with that number in front of each name
 * that it touches, what the name answered before behind; nobody sees it yet. Committing is one volatile write of {@link #published}. A
 * query reads {@code published} once and takes from every node the newest answers that are not younger: all of a change set or nothing of
 * it. Names of a zone that is new hang no version: nobody finds them before the apex shows.
 *
 * <p><b>Late answers.</b> Answers that follow from a name's records alone are made by the first query that wants them; until then the
 * records stand in their place. A start or an import need not make millions that nobody asks for.
 *
 * <p><b>Forgetting.</b> Some changes later only the newest answers are left in the node. Only a query that began before all of those
 * changes can miss what was there: the writer first tells in {@link #forgotten} which versions can no longer be read, and a query looks at
 * that last ({@link Reader#isStale}) and begins again.
 *
 * <p><b>Growth.</b> Deleted names keep their slot until the array is half full. The writer then copies the living into a new array,
 * publishes it, and readers of the old one finish there: nodes are shared, only names added later are missing from it. That is why a
 * query reads {@code published} before {@link #slots}: the array is then never older than the number. An array is marked with the number
 * at which names were dropped on the way to it; a query with a smaller one begins again.
 *
 * <p>All writes happen on the thread that holds the view's monitor. What makes them visible: volatile {@code published} and
 * {@code slots}, release and acquire on array elements and on a node's state, and volatile {@code forgotten} (whoever sees answers alone
 * that had a version sees that their number is forgotten).
 */
public final class AnswerTable {
    private final NameHash hash;
    private final InstantSource clock;
    private volatile NameTable slots = new NameTable(0, 0);
    private volatile long published;
    private volatile long forgotten;
    private volatile boolean dnsOnly;
    private volatile @Nullable HttpsRecords https;
    private volatile @Nullable NameCompiler compiler;

    /** Label counts that zones have, lowest and highest ever: outside of them no apex need be looked for. */
    private volatile ApexDepths apexDepths = new ApexDepths(Integer.MAX_VALUE, -1);

    private record ApexDepths(int min, int max) {
        ApexDepths including(int labels) {
            return new ApexDepths(Math.min(min, labels), Math.max(max, labels));
        }
    }

    private AnswerTable(long seed, InstantSource clock) {
        hash = new NameHash(seed);
        this.clock = clock;
    }

    /** An empty table with an unpredictable seed. */
    public static AnswerTable empty() {
        return empty(InstantSource.system());
    }

    /** @param clock asked for its milliseconds only, where what is answered lasts until some time */
    public static AnswerTable empty(InstantSource clock) {
        return new AnswerTable(new SecureRandom().nextLong(), clock);
    }

    public NameHash hash() {
        return hash;
    }

    /** What proxied names answer for HTTPS from now on; null: nothing of the edge's. One write, any thread. */
    public void https(@Nullable HttpsRecords records) {
        https = records;
    }

    /** What answers are made with of records that stand in the table; before any do. */
    void compiler(NameCompiler next) {
        compiler = next;
    }

    /** A reader for one thread. */
    public Reader reader() {
        return new Reader();
    }

    NameTable slots() {
        return slots;
    }

    void replace(NameTable next) {
        slots = next;
    }

    long published() {
        return published;
    }

    void publish(long version) {
        published = version;
    }

    /** Readers at an older version than this may miss what was; told before it is taken away. */
    void forgetBefore(long version) {
        forgotten = version;
    }

    /** Takes every zone off the proxy, or back; one write, whatever the table holds. */
    void dnsOnly(boolean isDnsOnly) {
        dnsOnly = isDnsOnly;
    }

    /** The most labels that a zone's name has. */
    int apexLabelsMax() {
        return apexDepths.max;
    }

    void noteApex(int labels) {
        apexDepths = apexDepths.including(labels);
    }

    /** One thread's look at the table, at one version per query. */
    public final class Reader {
        private long version;
        private NameTable array = slots;
        private int apexLabelsMin;
        private int apexLabelsMax;
        private boolean proxying;

        private Reader() {}

        /** Starts a query: everything until the next call is read at the version published now. */
        public void begin() {
            proxying = !dnsOnly;
            do {
                version = published;
                array = slots;
            } while (array.since > version);
            ApexDepths depths = apexDepths;
            apexLabelsMin = depths.min;
            apexLabelsMax = depths.max;
        }

        /** Whether something that this query wanted may have been forgotten meanwhile, so that its answer must be made anew. */
        public boolean isStale() {
            return forgotten > version;
        }

        /** Whether that zone's proxied names answer the edge's addresses; otherwise every name answers its content. */
        public boolean isProxying(ZoneAnswers zone) {
            return proxying && zone.isProxying();
        }

        /** The HTTPS record that a proxied name answers when it has none of its own; null when it answers none. */
        public @Nullable RrSet https(ZoneAnswers zone, NameAnswers at, WireName name) {
            HttpsRecords records = https;
            return records == null || !zone.isServedOn(records.port()) ? null : records.set(at.proxying(), name);
        }

        /** Since the epoch; allocates nothing. */
        public long nowMillis() {
            return clock.millis();
        }

        /** Whether a zone may lie at a name of so many labels. */
        public boolean mayBeApex(int labels) {
            return labels >= apexLabelsMin && labels <= apexLabelsMax;
        }

        /** The apex of a zone: the name from that label on; null when it is none. */
        public @Nullable NameAnswers apex(long nameHash, WireName name, int label) {
            int key = NameHash.ofApex(nameHash);
            return live(array.find(key, name.octets(), name.labelAt(label), name.length(), null));
        }

        /** What the name from that label on, below the zone's apex, answers; null when it does not exist. */
        public @Nullable NameAnswers name(ZoneAnswers zone, long nameHash, WireName name, int label) {
            Node apex = zone.apex();
            int key = NameHash.inZone(nameHash, apex);
            return live(array.find(key, name.octets(), name.labelAt(label), name.length(), apex));
        }

        /** What the wildcard directly below the name from that label on answers; null when there is none. */
        public @Nullable NameAnswers wildcard(ZoneAnswers zone, long nameHash, WireName name, int label) {
            Node apex = zone.apex();
            int key = NameHash.inZone(hash.wildcardBelow(nameHash), apex);
            return live(array.findWildcard(key, name.octets(), name.labelAt(label), name.length(), apex));
        }

        private @Nullable NameAnswers live(@Nullable Node node) {
            if (node == null) {
                return null;
            }
            NameAnswers now = node.state() instanceof NameAnswers alone ? alone : read(node);
            return now == NameAnswers.GONE ? null : now;
        }

        /** What a name answers at this version where more than that hangs on it. */
        private @Nullable NameAnswers read(Node node) {
            Object at = node.state();
            Node.Version in = null;
            while (at instanceof Node.Version one) {
                in = one.since > version ? null : one;
                at = in == null ? one.older : one.answers;
            }
            if (!(at instanceof NameRecords records)) {
                return (NameAnswers) at;
            }
            NameAnswers made = Objects.requireNonNull(compiler).plain(records);
            if (in != null) {
                in.answers = made;
            } else {
                node.made(records, made);
            }
            return made;
        }
    }
}
