package io.anycastle.core.store;

import io.anycastle.core.store.clients.ClientCounters;
import io.anycastle.core.store.cluster.ClusterCounters;
import io.anycastle.core.store.duties.LeaderCounters;
import io.anycastle.core.store.journal.JournalCounters;
import io.anycastle.core.store.merge.MergeCounters;
import io.anycastle.core.store.write.WriteCounters;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the store has counted since it was opened. */
public final class StoreCounters {
    final LongAdder applied = new LongAdder();
    final LongAdder invalid = new LongAdder();
    final LongAdder conflicts = new LongAdder();
    final LongAdder unavailable = new LongAdder();
    final LongAdder unknown = new LongAdder();
    final LongAdder backups = new LongAdder();
    final WriteCounters write = new WriteCounters();
    final JournalCounters journal = new JournalCounters();
    final ClusterCounters cluster = new ClusterCounters();
    final MergeCounters merge = new MergeCounters();
    final ClientCounters clients = new ClientCounters();
    final LeaderCounters duties = new LeaderCounters();

    StoreCounters() {}

    /** Every counter by name, in a fixed order; names are stable. */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("store_change_sets_applied", applied.sum());
        all.put("store_change_sets_invalid", invalid.sum());
        all.put("store_change_sets_conflict", conflicts.sum());
        all.put("store_change_sets_unavailable", unavailable.sum());
        all.put("store_change_sets_unknown", unknown.sum());
        all.put("store_change_set_retries", write.retries.sum());
        all.put("store_journal_fsyncs", journal.fsyncs.sum());
        all.put("store_journal_entries", journal.entries.sum());
        all.put("store_journal_bytes", journal.bytes.sum());
        all.put("store_journal_failures", journal.failures.sum());
        all.put("store_snapshots", journal.snapshots.sum());
        all.put("store_snapshot_ms", journal.snapshotMillis.sum());
        all.put("store_client_writes_accepted", clients.accepted.sum());
        all.put("store_client_writes_refused", clients.refused.sum());
        all.put("store_view_updates", write.viewUpdates.sum());
        all.put("store_cluster_starts", cluster.starts.sum());
        all.put("store_deltas_followed", write.deltasFollowed.sum());
        all.put("store_deltas_behind", write.deltasBehind.sum());
        all.put("store_catch_ups", merge.catchUps.sum());
        all.put("store_catch_ups_asked", cluster.catchUpsAsked.sum());
        all.put("store_comparisons", duties.comparisons.sum());
        all.put("store_leader_failures", duties.failed.sum());
        all.put("store_redeliveries", write.redeliveries.sum());
        all.put("store_merges", merge.merges.sum());
        all.put("store_conflicts_found", merge.conflictsFound.sum());
        all.put("store_stamps_ahead", write.stampsAhead.sum());
        all.put("store_heads_restored", duties.headsRestored.sum());
        all.put("store_backups", backups.sum());
        return Collections.unmodifiableMap(all);
    }
}
