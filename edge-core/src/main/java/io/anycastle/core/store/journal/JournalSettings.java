package io.anycastle.core.store.journal;

import java.time.Duration;

/**
 * What the journal is told.
 *
 * @param logBytesMax the append log is compacted into a snapshot when it is larger
 * @param entryBytesMax largest change set in its stored form
 * @param tombstoneLifetime how long snapshots remember when a name was deleted
 */
public record JournalSettings(long logBytesMax, int entryBytesMax, Duration tombstoneLifetime) {}
