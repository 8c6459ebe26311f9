package io.anycastle.core.model;

/** Where a zone stands in its life; pause is a switch beside it. */
public enum ZoneStatus {
    PENDING,
    ACTIVE,
    MOVED
}
