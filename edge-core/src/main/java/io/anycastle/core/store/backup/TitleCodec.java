package io.anycastle.core.store.backup;

import io.anycastle.core.store.journal.EntryInput;
import io.anycastle.core.store.journal.EntryOutput;
import io.anycastle.core.store.journal.JournalEntry;
import io.anycastle.core.store.state.BackupTitle;
import java.io.IOException;
import java.time.DateTimeException;

/** The form of a backup's first entry, its title. */
final class TitleCodec {
    private static final int KIND = 't';

    private TitleCodec() {}

    static byte[] bytes(BackupTitle title) {
        EntryOutput out = new EntryOutput();
        out.octet(JournalEntry.FORMAT);
        out.octet(KIND);
        out.text(title.nodeId());
        out.text(title.version());
        out.instant(title.madeOn());
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
