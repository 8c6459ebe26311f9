package io.anycastle.core.zonefile;

import io.anycastle.core.model.RecordDraft;

/** A record of a zone file and the line on which it begins. */
public record ZoneFileRecord(int line, RecordDraft draft) {}
