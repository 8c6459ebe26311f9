package io.anycastle.core.zonefile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.model.TypeMnemonics;
import io.anycastle.core.rdata.ContentForm;
import io.anycastle.core.rdata.InvalidContentException;
import io.anycastle.core.rdata.ParsedRecord;
import io.anycastle.core.rdata.RecordContent;
import io.anycastle.core.rdata.RecordIdentity;
import io.anycastle.core.rdata.RecordParser;
import io.anycastle.core.rdata.TargetNames;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.zonefile.MasterFileEntry.Word;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One zone file being read: origin, default TTL and last name as they stand, and what was found so far. */
final class ZoneFileReading {
    private static final Set<String> CLASSES = Set.of("IN", "CH", "HS", "CS", "ANY", "NONE");

    /** Made anew by whoever signs the zone, so that those of the file would be wrong. */
    private static final Set<String> SIGNERS_TYPES = Set.of("RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "ZONEMD");

    private static final Pattern NUMBERED_CLASS = Pattern.compile("CLASS[0-9]{1,5}");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u2028\u2029]");
    private static final RecordIdentity UNNAMED = new RecordIdentity("0".repeat(32), Instant.EPOCH, Instant.EPOCH);
    private static final int COMMENT_CHARS_MAX = 500;

    private record Key(DomainName name, RecordType type, String content, OptionalInt priority) {}

    /** What stands before a record's data. */
    private record Head(DomainName owner, OptionalLong ttlSeconds, String type, int dataFrom) {}

    private final DomainName zone;
    private final ZoneRules rules;
    private final ZoneFileLimits limits;
    private final String file;
    private final RecordParser parser;
    private final Notes errors;
    private final Notes warnings;

    /** Told behind all other warnings, which they would otherwise crowd out: many files are full of such lines. */
    private final Notes automatic;

    private final List<ZoneFileRecord> records = new ArrayList<>();
    private final Set<Key> seen = new HashSet<>();
    private DomainName origin;
    private Optional<DomainName> lastOwner = Optional.empty();
    private OptionalLong defaultTtl = OptionalLong.empty();
    private OptionalLong lastTtl = OptionalLong.empty();
    private long generated;
    private int lastDoubled;

    ZoneFileReading(DomainName zone, ZoneRules rules, ZoneFileLimits limits, String file) {
        this.zone = zone;
        this.rules = rules;
        this.limits = limits;
        this.file = file;
        this.origin = zone;
        this.parser = new RecordParser(
                rules.edgeAddresses(), rules.nameServers(), rules.ttlSecondsMin(), rules.ttlSecondsMax());
        this.errors = new Notes(file, limits.notesMax());
        this.warnings = new Notes(file, limits.notesMax());
        this.automatic = new Notes(file, limits.notesMax());
    }

    ZoneFile result() {
        warnings.addAll(automatic);
        return new ZoneFile(file, records, errors.kept(), errors.count(), warnings.kept(), warnings.count());
    }

    void take(MasterFileEntry entry) {
        try {
            if (!entry.problem().isEmpty()) {
                throw new InvalidEntryException(entry.problem());
            }
            checkCharacters(entry);
            Word first = entry.words().getFirst();
            if (!entry.startsBlank() && !first.quoted() && first.raw().startsWith("$")) {
                directive(entry);
            } else {
                record(entry);
            }
        } catch (InvalidEntryException e) {
            errors.add(entry.line(), e.getMessage());
        }
    }

    private static void checkCharacters(MasterFileEntry entry) {
        for (Word word : entry.words()) {
            if (word.raw().indexOf('\uFFFD') >= 0) {
                throw new InvalidEntryException("'" + word.raw() + "' is not UTF-8; other octets are written \\DDD");
            }
        }
    }

    private void directive(MasterFileEntry entry) {
        List<Word> words = entry.words();
        String name = words.getFirst().raw().toUpperCase(Locale.ROOT);
        switch (name) {
            case "$ORIGIN" -> origin = name(argument(words, "$ORIGIN example.com."), TargetNames.below(origin));
            case "$TTL" -> defaultTtl = OptionalLong.of(ttl(argument(words, "$TTL 3600")));
            case "$GENERATE" -> generate(entry);
            case "$INCLUDE" ->
                throw new InvalidEntryException("$INCLUDE is not allowed; put the lines of that file here");
            default ->
                throw new InvalidEntryException("'" + name + "' is no directive; expected $ORIGIN, $TTL or $GENERATE");
        }
    }

    private static String argument(List<Word> words, String example) {
        if (words.size() != 2) {
            throw new InvalidEntryException("expected one value, like " + example);
        }
        return words.get(1).raw();
    }

    private static long ttl(String word) {
        return TtlSpelling.seconds(word)
                .orElseThrow(() ->
                        new InvalidEntryException("expected a time in seconds or like 1h30m, not '" + word + "'"));
    }

    private static DomainName name(String spelled, TargetNames names) {
        try {
            return names.read(spelled);
        } catch (InvalidNameException e) {
            throw new InvalidEntryException("name '" + spelled + "': " + e.rule());
        }
    }

    /** Names of that line below the origin; who forgot a final dot is warned. */
    private TargetNames names(int line) {
        TargetNames plain = TargetNames.below(origin);
        return new TargetNames() {
            @Override
            public DomainName read(String spelled) {
                DomainName name = plain.read(spelled);
                if (isDoubled(name) && line != lastDoubled) {
                    lastDoubled = line;
                    warnings.add(
                            line, "name '" + name + "' ends in the zone's name twice; is a final dot missing here?");
                }
                return name;
            }

            @Override
            public DomainName origin() {
                return plain.origin();
            }
        };
    }

    private boolean isDoubled(DomainName name) {
        return name.isBelow(zone) && DomainName.of(name.relativeTo(zone)).isAtOrBelow(zone);
    }

    /** Its first bad record ends it: the others would be bad in the same way. */
    private void generate(MasterFileEntry entry) {
        List<Word> words = entry.words();
        if (words.size() < 5) {
            throw new InvalidEntryException(
                    "expected $GENERATE <range> <name> <type> <data>, like $GENERATE 1-9 host$ A 192.0.2.$");
        }
        try {
            Generate range = Generate.range(words.get(1).raw());
            generated += range.count();
            if (generated > limits.generatedMax()) {
                throw new InvalidEntryException(
                        "$GENERATE makes at most " + limits.generatedMax() + " records in a file");
            }
            for (long number = range.start(); number <= range.stop(); number += range.step()) {
                MasterFileEntry filled = filled(entry, number);
                Head head = head(filled);
                record(head, unquoted(head.type, data(head, filled)), filled);
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidEntryException(String.valueOf(e.getMessage()));
        }
    }

    private static MasterFileEntry filled(MasterFileEntry entry, long number) {
        List<Word> words = entry.words().stream()
                .skip(2)
                .map(w -> new Word(Generate.fill(w.raw(), number), w.quoted()))
                .toList();
        return new MasterFileEntry(entry.line(), false, words, entry.comment(), "");
    }

    /** BIND takes the data as one word, which is in quotes when it has blanks. A text in quotes is whole as it is. */
    private static List<Word> unquoted(String type, List<Word> data) {
        if (data.size() != 1 || !data.getFirst().quoted()) {
            return data;
        }
        String raw = data.getFirst().raw();
        boolean hasQuotes = raw.contains("\\\"");
        return RecordType.named(type).filter(ContentForm::isText).isPresent() && !hasQuotes
                ? data
                : MasterFileScanner.words(raw.replace("\\\"", "\""));
    }

    private void record(MasterFileEntry entry) {
        Head head = head(entry);
        record(head, data(head, entry), entry);
    }

    private static List<Word> data(Head head, MasterFileEntry entry) {
        return entry.words().subList(head.dataFrom, entry.words().size());
    }

    private void record(Head head, List<Word> data, MasterFileEntry entry) {
        lastTtl = head.ttlSeconds.isPresent() ? head.ttlSeconds : lastTtl;
        boolean isApex = head.owner.equals(zone);
        if (head.type.equals("SOA")) {
            startOfAuthority(head, data, entry.line());
        } else if (!head.owner.isAtOrBelow(zone)) {
            throw new InvalidEntryException("name '" + head.owner + "': expected a name in the zone " + zone);
        } else if (head.type.equals("NS") && isApex) {
            warnings.add(entry.line(), "left out: the edge makes the NS records of " + zone + " itself");
        } else if (SIGNERS_TYPES.contains(head.type)) {
            warnings.add(entry.line(), "left out: " + head.type + " records are made anew when the zone is signed");
        } else {
            add(draft(head, data, entry), entry.line());
        }
    }

    /** Reads the name, then TTL and class in either order, then the type (RFC 1035 section 5.1). */
    private Head head(MasterFileEntry entry) {
        List<Word> words = entry.words();
        DomainName owner = owner(entry);
        OptionalLong ttl = OptionalLong.empty();
        for (int i = entry.startsBlank() ? 0 : 1; i < words.size(); i++) {
            String word = words.get(i).raw();
            String upper = word.toUpperCase(Locale.ROOT);
            OptionalLong seconds = TtlSpelling.seconds(word);
            if (seconds.isPresent() && ttl.isEmpty()) {
                ttl = seconds;
            } else if (CLASSES.contains(upper) || NUMBERED_CLASS.matcher(upper).matches()) {
                if (!upper.equals("IN") && !upper.equals("CLASS1")) {
                    throw new InvalidEntryException("class '" + word + "': expected IN");
                }
            } else {
                return new Head(owner, ttl, type(upper), i + 1);
            }
        }
        throw new InvalidEntryException("expected a type and its data behind the name");
    }

    private static String type(String upper) {
        OptionalInt code = TypeMnemonics.code(upper);
        String name = code.isPresent() ? TypeMnemonics.of(code.getAsInt()) : upper;
        boolean isMadeHere = name.equals("SOA") || SIGNERS_TYPES.contains(name);
        return isMadeHere ? name : RecordType.named(upper).map(RecordType::name).orElse(upper);
    }

    private DomainName owner(MasterFileEntry entry) {
        if (entry.startsBlank()) {
            return lastOwner.orElseThrow(() ->
                    new InvalidEntryException("the line begins with a blank, and no line before it has a valid name"));
        }
        lastOwner = Optional.empty();
        String spelled = entry.words().getFirst().raw();
        DomainName owner = isZoneOfSoa(spelled, entry) ? zone : name(spelled, names(entry.line()));
        lastOwner = Optional.of(owner);
        return owner;
    }

    /** Cloudflare's exports have the SOA at the zone's name without its final dot, and no $ORIGIN; all other names have theirs. */
    private boolean isZoneOfSoa(String spelled, MasterFileEntry entry) {
        boolean isSoa = entry.words().stream()
                .skip(1)
                .limit(3)
                .anyMatch(word -> !word.quoted() && word.raw().equalsIgnoreCase("SOA"));
        return isSoa && spelled.equalsIgnoreCase(zone.toString());
    }

    private void startOfAuthority(Head head, List<Word> data, int line) {
        if (!head.owner.equals(zone)) {
            throw new InvalidEntryException(
                    "name '" + head.owner + "': expected the SOA of " + zone + "; is this another zone's file?");
        }
        if (lastTtl.isEmpty() && !data.isEmpty()) {
            lastTtl = TtlSpelling.seconds(data.getLast().raw());
        }
        warnings.add(line, "left out: the edge makes the SOA of " + zone + " itself");
    }

    private RecordDraft draft(Head head, List<Word> data, MasterFileEntry entry) {
        RecordComment comment = RecordComment.read(comment(entry));
        Optional<RecordContent> content =
                RecordType.named(head.type).map(type -> content(type, data, names(entry.line())));
        return new RecordDraft(
                head.owner + ".",
                head.type,
                content.map(RecordContent::text),
                Map.of(),
                content.map(RecordContent::priority)
                        .filter(OptionalInt::isPresent)
                        .map(OptionalInt::getAsInt),
                ttl(head, entry.line(), comment.proxied().orElse(false)),
                comment.proxied(),
                Optional.of(comment.settings()),
                Optional.of(comment.text()),
                Optional.of(comment.tags()),
                comment.origin());
    }

    private static RecordContent content(RecordType type, List<Word> data, TargetNames names) {
        try {
            if (data.isEmpty()) {
                throw new InvalidEntryException("expected data behind the type " + type);
            }
            boolean isText =
                    ContentForm.isText(type) && !data.getFirst().spelled().equals("\\#");
            String text = data.stream()
                    .map(word -> isText ? quoted(word) : word.spelled())
                    .collect(Collectors.joining(" "));
            return ContentForm.read(type, text, OptionalInt.empty(), names);
        } catch (InvalidContentException e) {
            throw new InvalidEntryException(sentences(e.errors()));
        }
    }

    /** In a master file each word of a TXT is a string of its own, quoted or not. */
    private static String quoted(Word word) {
        return word.quoted() ? word.spelled() : '"' + word.raw().replaceAll("(?<!\\\\)\"", "\\\\\"") + '"';
    }

    private String comment(MasterFileEntry entry) {
        String comment = CONTROL.matcher(entry.comment()).replaceAll(" ");
        if (comment.length() <= COMMENT_CHARS_MAX || comment.contains("cf_tags=")) {
            return comment;
        }
        warnings.add(entry.line(), "the comment was cut to " + COMMENT_CHARS_MAX + " characters");
        return comment.substring(0, COMMENT_CHARS_MAX);
    }

    /** That the TTL 1 is automatic is told for each line, but where the record is proxied: there every TTL is. */
    private Optional<Integer> ttl(Head head, int line, boolean isProxied) {
        OptionalLong said = head.ttlSeconds.isPresent() ? head.ttlSeconds : defaultTtl;
        OptionalLong seconds = said.isPresent() ? said : lastTtl;
        if (seconds.isEmpty()) {
            return Optional.empty();
        }
        if (seconds.getAsLong() == Ttl.AUTO.seconds()) {
            if (!isProxied) {
                automatic.add(line, "TTL 1 is automatic: what zones.auto-ttl says");
            }
            return Optional.of(Ttl.AUTO.seconds());
        }
        int least = rules.ttlSecondsMin() == Ttl.AUTO.seconds() ? 2 : rules.ttlSecondsMin();
        long clamped = Math.clamp(seconds.getAsLong(), least, rules.ttlSecondsMax());
        if (clamped != seconds.getAsLong()) {
            warnings.add(line, "TTL " + seconds.getAsLong() + " is out of range; " + clamped + " was taken");
        }
        return Optional.of((int) clamped);
    }

    private void add(RecordDraft draft, int line) {
        switch (parser.parse(draft, zone, UNNAMED)) {
            case ParsedRecord.Invalid invalid -> throw new InvalidEntryException(sentences(invalid.errors()));
            case ParsedRecord.Valid valid -> {
                Record record = valid.record();
                if (seen.add(new Key(record.name(), record.type(), record.content(), record.priority()))) {
                    records.add(new ZoneFileRecord(line, draft));
                } else {
                    warnings.add(line, "left out: the file has this very record already");
                }
            }
        }
    }

    private static String sentences(List<FieldError> errors) {
        return errors.stream().map(FieldError::sentence).collect(Collectors.joining("; "));
    }

    /** An entry that is wrong; the message says what was expected. */
    private static final class InvalidEntryException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidEntryException(String said) {
            super(said, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
