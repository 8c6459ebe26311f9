package io.anycastle.core.store;

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
    final LongAdder retries = new LongAdder();
    final LongAdder fsyncs = new LongAdder();
    final LongAdder journalEntries = new LongAdder();
    final LongAdder journalBytes = new LongAdder();
    final LongAdder journalFailures = new LongAdder();
    final LongAdder snapshots = new LongAdder();
    final LongAdder snapshotMillis = new LongAdder();
    final LongAdder foreignAccepted = new LongAdder();
    final LongAdder foreignRefused = new LongAdder();
    final LongAdder viewUpdates = new LongAdder();
    final LongAdder clusterStarts = new LongAdder();
    final LongAdder deltasFollowed = new LongAdder();
    final LongAdder deltasBehind = new LongAdder();
    final LongAdder catchUps = new LongAdder();
    final LongAdder catchUpsAsked = new LongAdder();
    final LongAdder comparisons = new LongAdder();
    final LongAdder dutiesFailed = new LongAdder();
    final LongAdder redeliveries = new LongAdder();
    final LongAdder merges = new LongAdder();
    final LongAdder conflictsFound = new LongAdder();
    final LongAdder stampsAhead = new LongAdder();
    final LongAdder headsRestored = new LongAdder();
    final LongAdder backups = new LongAdder();

    /** Every counter by name, in a fixed order; names are stable. */
    public Map<String, Long> all() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("store_change_sets_applied", applied.sum());
        all.put("store_change_sets_invalid", invalid.sum());
        all.put("store_change_sets_conflict", conflicts.sum());
        all.put("store_change_sets_unavailable", unavailable.sum());
        all.put("store_change_sets_unknown", unknown.sum());
        all.put("store_change_set_retries", retries.sum());
        all.put("store_journal_fsyncs", fsyncs.sum());
        all.put("store_journal_entries", journalEntries.sum());
        all.put("store_journal_bytes", journalBytes.sum());
        all.put("store_journal_failures", journalFailures.sum());
        all.put("store_snapshots", snapshots.sum());
        all.put("store_snapshot_ms", snapshotMillis.sum());
        all.put("store_foreign_writes_accepted", foreignAccepted.sum());
        all.put("store_foreign_writes_refused", foreignRefused.sum());
        all.put("store_view_updates", viewUpdates.sum());
        all.put("store_cluster_starts", clusterStarts.sum());
        all.put("store_deltas_followed", deltasFollowed.sum());
        all.put("store_deltas_behind", deltasBehind.sum());
        all.put("store_catch_ups", catchUps.sum());
        all.put("store_catch_ups_asked", catchUpsAsked.sum());
        all.put("store_comparisons", comparisons.sum());
        all.put("store_duties_failed", dutiesFailed.sum());
        all.put("store_redeliveries", redeliveries.sum());
        all.put("store_merges", merges.sum());
        all.put("store_conflicts_found", conflictsFound.sum());
        all.put("store_stamps_ahead", stampsAhead.sum());
        all.put("store_heads_restored", headsRestored.sum());
        all.put("store_backups", backups.sum());
        return Collections.unmodifiableMap(all);
    }
}
