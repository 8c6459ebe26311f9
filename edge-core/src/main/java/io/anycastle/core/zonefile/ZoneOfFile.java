package io.anycastle.core.zonefile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.rdata.TargetNames;
import io.anycastle.core.zonefile.MasterFileEntry.Word;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which zone a master file is of: that of its SOA, else the one that the file is called after where all its records lie in it, else the
 * first {@code $ORIGIN}. One thread.
 */
public final class ZoneOfFile {
    private static final int WORDS_BEFORE_TYPE_MAX = 3;

    private final Optional<DomainName> called;
    private DomainName origin;
    private Optional<DomainName> firstOrigin = Optional.empty();
    private Optional<DomainName> lastOwner = Optional.empty();
    private boolean hasRecords;
    private boolean fits = true;

    private ZoneOfFile(Optional<DomainName> called) {
        this.called = called;
        this.origin = called.orElse(DomainName.ROOT);
    }

    /**
     * Reads as far as it must; the caller closes the reader.
     *
     * @param called what the file's name says
     * @return empty where neither says anything
     */
    public static Optional<DomainName> find(Reader in, Optional<DomainName> called) throws IOException {
        MasterFileScanner scanner =
                new MasterFileScanner(new BufferedReader(in, 1 << 16), ZoneFileLimits.DEFAULTS.entryCharsMax());
        ZoneOfFile file = new ZoneOfFile(called);
        for (Optional<MasterFileEntry> entry = scanner.next(); entry.isPresent(); entry = scanner.next()) {
            Optional<DomainName> zone = file.take(entry.get());
            if (zone.isPresent()) {
                return zone;
            }
        }
        return file.hasRecords && file.fits && called.isPresent() ? called : file.firstOrigin.or(() -> called);
    }

    /** The zone, once the SOA is there. What cannot be read is the import's to tell. */
    private Optional<DomainName> take(MasterFileEntry entry) {
        if (!entry.problem().isEmpty()) {
            return Optional.empty();
        }
        List<Word> words = entry.words();
        String first = words.getFirst().raw();
        try {
            if (!entry.startsBlank() && first.startsWith("$")) {
                directive(first, words);
                return Optional.empty();
            }
            boolean isSoa = isSoa(entry);
            Optional<DomainName> owner = entry.startsBlank() ? lastOwner : Optional.of(owner(first, isSoa));
            lastOwner = owner;
            hasRecords = true;
            fits &= owner.isEmpty() || called.isEmpty() || owner.get().isAtOrBelow(called.get());
            return isSoa ? owner : Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private void directive(String name, List<Word> words) {
        if (name.toUpperCase(Locale.ROOT).equals("$ORIGIN") && words.size() > 1) {
            origin = TargetNames.below(origin).read(words.get(1).raw());
            firstOrigin = firstOrigin.or(() -> Optional.of(origin));
        }
    }

    private static boolean isSoa(MasterFileEntry entry) {
        return entry.words().stream()
                .skip(entry.startsBlank() ? 0 : 1)
                .limit(WORDS_BEFORE_TYPE_MAX)
                .anyMatch(word -> !word.quoted() && word.raw().equalsIgnoreCase("SOA"));
    }

    /** An SOA's owner without its final dot, and without an origin before it, is the zone itself: so Cloudflare exports it. */
    private DomainName owner(String spelled, boolean isSoa) {
        boolean isZone = isSoa && firstOrigin.isEmpty() && !DomainName.isAbsolute(spelled) && spelled.indexOf('.') > 0;
        return isZone ? DomainName.of(spelled) : TargetNames.below(origin).read(spelled);
    }
}
