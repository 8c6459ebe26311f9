package io.anycastle.core.rdata;

import java.time.Instant;

/** What a record has of the store and not of its draft: its id and times. */
public record RecordIdentity(String id, Instant createdOn, Instant modifiedOn) {}
