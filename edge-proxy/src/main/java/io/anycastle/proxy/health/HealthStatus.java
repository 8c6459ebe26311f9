package io.anycastle.proxy.health;

/**
 * How one checked origin is.
 *
 * @param check scheme, address, port, and for a request path and host
 * @param isOut whether it is out, by the majority of the nodes
 * @param here what this node found last: up, down or unknown
 * @param ageMs how long ago that was; -1 when it is unknown
 * @param reason for people; empty where it is up
 * @param up nodes that found it up within two intervals
 * @param down nodes that found it down
 */
public record HealthStatus(String check, boolean isOut, String here, long ageMs, String reason, int up, int down) {}
