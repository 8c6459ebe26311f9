package io.anycastle.dns.guard;

/**
 * A zone that is asked for many names that it does not have, as it was in the last window.
 *
 * @param name in the usual spelling, with a final dot
 * @param denialsPerSecond answers "no such name"
 * @param namesPerSecond different names among them, estimated
 */
public record FloodedZone(String name, long denialsPerSecond, long namesPerSecond) {}
