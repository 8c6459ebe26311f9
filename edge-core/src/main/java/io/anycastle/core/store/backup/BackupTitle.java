package io.anycastle.core.store.backup;

import io.anycastle.core.store.journal.EntryInput;
import io.anycastle.core.store.journal.EntryOutput;
import io.anycastle.core.store.journal.JournalEntry;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Where a backup comes from: its first entry.
 *
 * @param version of the program that made it
 */
public record BackupTitle(String nodeId, String version, Instant madeOn) {
    private static final int KIND = 't';

    byte[] bytes() {
        EntryOutput out = new EntryOutput();
        out.octet(JournalEntry.FORMAT);
        out.octet(KIND);
        out.text(nodeId);
        out.text(version);
        out.instant(madeOn);
        out.octet(JournalEntry.Kind.LAST);
        return out.toBytes();
    }

    static BackupTitle read(byte[] bytes) throws IOException {
        EntryInput in = new EntryInput(bytes);
        int format = in.octet();
        if (format != JournalEntry.FORMAT) {
            throw new IOException("its entries have format " + format + "; this version reads " + JournalEntry.FORMAT);
        }
        if (in.octet() != KIND) {
            throw new IOException("it does not begin with a title");
        }
        try {
            return new BackupTitle(in.text(), in.text(), in.instant());
        } catch (DateTimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
