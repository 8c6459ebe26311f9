package io.anycastle.core.store;

import com.hazelcast.instance.BuildInfoProvider;
import io.anycastle.core.store.journal.JournalEntry;
import io.anycastle.core.store.journal.LogFile;

/**
 * What decides whether versions of this program read each other's disks and join each other's clusters.
 *
 * @param log the framing of logs and snapshots
 * @param entry the form of what is in them, and of what nodes send each other
 * @param hazelcast its version; members of one cluster have the same major and minor one
 */
public record Formats(int log, int entry, String hazelcast) {
    /** Those of this version. */
    public static Formats ours() {
        return new Formats(
                LogFile.VERSION,
                JournalEntry.FORMAT,
                BuildInfoProvider.getBuildInfo().getVersion());
    }
}
