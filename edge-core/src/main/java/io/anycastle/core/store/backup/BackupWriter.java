package io.anycastle.core.store.backup;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.journal.JournalEntry;
import io.anycastle.core.store.journal.LogFile;
import io.anycastle.core.store.state.BackupTitle;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneImage;
import io.anycastle.core.store.state.ZonePieces;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pcollections.HashTreePMap;

/**
 * Writes the store as of one moment into a stream, a piece at a time.
 *
 * <p>The file is framed as a {@link LogFile} is, with a magic word and a version of its own: a {@link BackupTitle}, then the zones in
 * the pieces that a snapshot has, the account first, then an end that counts the pieces. It holds what readers see; deletions, the
 * history of zones and open conflicts stay behind.
 */
public final class BackupWriter {
    public static final long MAGIC = 0x414e_5943_424b_5550L; // "ANYCBKUP"
    public static final int VERSION = 1;

    private static final Comparator<DomainName> ACCOUNT_FIRST = Comparator.comparing(
                    (DomainName name) -> !name.equals(Account.ZONE))
            .thenComparing(name -> name);

    private final OutputStream out;
    private long pieces;

    public BackupWriter(OutputStream out) {
        this.out = out;
    }

    /** @param documents which of the account's documents are to be in it, by key */
    public void write(StoreImage image, BackupTitle title, Predicate<String> documents) throws IOException {
        out.write(LogFile.header(MAGIC, VERSION).array());
        append(TitleCodec.bytes(title));
        List<DomainName> names =
                image.zones().keySet().stream().sorted(ACCOUNT_FIRST).toList();
        for (DomainName name : names) {
            ZoneImage zone = image.zone(name);
            if (zone.state().isPresent()) {
                ZoneState state = zone.state().get();
                ZoneState kept = name.equals(Account.ZONE) ? only(state, documents) : state;
                ZonePieces.each(name, visible(zone, kept), this::append);
            }
        }
        append(new JournalEntry.End(pieces).bytes());
        out.flush();
    }

    private static ZoneState only(ZoneState account, Predicate<String> documents) {
        ZoneState kept = account;
        for (Document document : account.documents().values()) {
            if (!documents.test(document.key())) {
                kept = kept.with(new Document(document.key(), document.stamp(), Optional.empty()));
            }
        }
        return kept;
    }

    private static ZoneImage visible(ZoneImage zone, ZoneState state) {
        return new ZoneImage(
                zone.stamp(),
                zone.headStamp(),
                Optional.of(state),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                0);
    }

    private void append(ZoneDelta piece) throws IOException {
        append(new JournalEntry.Piece(piece).bytes());
        pieces++;
    }

    private void append(byte[] payload) throws IOException {
        out.write(LogFile.frame(payload).array());
        out.write(payload);
    }
}
