package io.anycastle.core.store.state;

/**
 * What a whole backup holds.
 *
 * @param zones without the account's own
 * @param bytes of the file
 */
public record BackupContents(BackupTitle title, int zones, long records, long bytes) {}
