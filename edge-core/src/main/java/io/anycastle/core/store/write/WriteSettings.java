package io.anycastle.core.store.write;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What the way of a change is told.
 *
 * @param timeout longest time that a change takes
 * @param attemptsMax how often a change set without expected version is planned anew after a lost race
 * @param quorum how many nodes' disks must have a change before it is acknowledged; empty: this one's and, where any other node is
 *     reachable, one more
 * @param orderWait how long a change from another node waits for the one before it
 */
public record WriteSettings(Duration timeout, int attemptsMax, OptionalInt quorum, Duration orderWait) {}
