package io.anycastle.dns.compile;

import io.anycastle.dns.wire.WireName;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a batch of queries will want into the processor's cache. In a table that is larger than the cache each answer waits for
 * memory several times, one step after the other; here the same step is taken for all queries of the batch before the next, so that they
 * wait together. It changes nothing: whatever it misses is looked up as ever. Allocates nothing. Belongs to one thread.
 */
public final class Prefetch {
    /** Slots of a table from which on it is no longer in the cache as it is. */
    private static final int SLOTS_MIN = 1 << 15;

    private final AnswerTable table;
    private final NameHash hash;
    private final WireName name = new WireName();
    private final int[] keys;
    private final @Nullable Node[] nodes;
    private final @Nullable NameAnswers[] answers;
    private final @Nullable RrSet[] sets;
    private int count;

    /** What was fetched, so that fetching it is not left out as useless. */
    private int seen;

    /**
     * @param batch the most queries at a time
     */
    public Prefetch(AnswerTable table, int batch) {
        this.table = table;
        hash = table.hash();
        keys = new int[2 * batch];
        nodes = new Node[keys.length];
        answers = new NameAnswers[keys.length];
        sets = new RrSet[keys.length];
    }

    /** Whether the table is so large that looking ahead is worth more than it costs. */
    public boolean isWorthwhile() {
        return table.slots().nodes().length >= SLOTS_MIN;
    }

    /** Starts a batch. */
    public void begin() {
        count = 0;
    }

    /** Takes up the name at that place of a query, if there is one and the batch has room. */
    public void note(byte[] message, int from, int length) {
        if (count == keys.length || name.read(message, from, length) < 0) {
            return;
        }
        int apexLabels = Math.min(table.apexLabelsMax(), name.labels());
        long at = hash.root();
        int apexKey = 0;
        for (int label = name.labels() - 1; label >= 0; label--) {
            at = hash.below(at, name, label);
            if (name.labels() - label == apexLabels) {
                apexKey = NameHash.ofApex(at);
            }
        }
        keys[count++] = apexKey;
        keys[count++] = NameHash.inZone(at, apexKey);
    }

    /** Fetches for all names that were taken up. */
    public void fetch() {
        NameTable slots = table.slots();
        for (int i = 0; i < count; i++) {
            nodes[i] = slots.first(keys[i]);
        }
        for (int i = 0; i < count; i++) {
            nodes[i] = slots.next(keys[i], nodes[i]);
        }
        fetchAnswers();
        fetchRecords();
    }

    private void fetchAnswers() {
        for (int i = 0; i < count; i++) {
            Node node = nodes[i];
            answers[i] = node != null && node.newest() instanceof NameAnswers newest ? newest : null;
            seen += node == null ? 0 : node.label.length;
        }
    }

    private void fetchRecords() {
        for (int i = 0; i < count; i++) {
            NameAnswers own = answers[i];
            sets[i] = own == null ? null : own.first();
            if (own != null) {
                seen += zone(own) + alias(own) + own.others().length;
            }
        }
        for (int i = 0; i < count; i++) {
            RrSet set = sets[i];
            seen += set == null ? 0 : set.type();
        }
        for (int i = 0; i < count; i++) {
            RrSet set = sets[i];
            seen += set == null ? 0 : set.compact().length;
        }
    }

    private static int zone(NameAnswers answers) {
        ZoneAnswers zone = answers.zone();
        return zone != null && zone.isProxying() ? 1 : 0;
    }

    private static int alias(NameAnswers answers) {
        return answers.elsewhere() instanceof Elsewhere.Alias alias ? alias.target().length : 0;
    }

    /** Of no meaning. */
    int seen() {
        return seen;
    }
}
