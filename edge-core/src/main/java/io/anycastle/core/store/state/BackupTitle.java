package io.anycastle.core.store.state;

import java.time.Instant;

/**
 * Where a backup comes from.
 *
 * @param version of the program that made it
 */
public record BackupTitle(String nodeId, String version, Instant madeOn) {}
