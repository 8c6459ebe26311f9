package io.anycastle.core.store.state;

/**
 * What a node tells the others about its store, with what the application adds.
 *
 * @param digest of the whole store; equal digests mean equal stores
 * @param lagMs how old the last change from another node was when it appeared there
 * @param lastDisks on how many disks the last change lay that was made there, when it was acknowledged; 0 before any
 * @param wallMillis the node's wall clock, milliseconds since 1970
 * @param correctionMs by how much the node corrects that clock for its stamps
 * @param application JSON, {@code {}} when the application adds nothing
 */
public record NodeReport(
        String nodeId,
        long digest,
        long lagMs,
        int lastDisks,
        long wallMillis,
        long correctionMs,
        String application) {}
