package io.anycastle.core.model;

/** How a zone reaches the edge: full, the edge is authoritative; partial, names are pointed here one by one; secondary, transferred in. */
public enum ZoneType {
    FULL,
    PARTIAL,
    SECONDARY
}
