package io.anycastle.core.rdata;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Ttl;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns what a user asks for into a checked record, or says everything that is wrong with it. Stateless; any thread. */
public final class RecordParser {
    private static final int CONTENT_CHARS_MAX = 32_768;
    private static final String TYPES = RecordType.withFields().stream()
            .map(RecordType::name)
            .sorted()
            .collect(Collectors.joining(" ", "", ", or any other type of data as TYPE and its number"));

    private final Set<InetAddress> edgeAddresses;
    private final Set<DomainName> nameServers;
    private final int ttlSecondsMin;
    private final int ttlSecondsMax;
    private final OriginParser origins;

    /**
     * A parser for one node's rules.
     *
     * @param edgeAddresses refused as content: a record that points at the edge is a loop
     * @param nameServers the edge itself under other names, which may have them as long as they are not proxied
     */
    public RecordParser(
            Set<InetAddress> edgeAddresses, Collection<DomainName> nameServers, int ttlSecondsMin, int ttlSecondsMax) {
        this.edgeAddresses = Set.copyOf(edgeAddresses);
        this.nameServers = Set.copyOf(nameServers);
        this.ttlSecondsMin = ttlSecondsMin;
        this.ttlSecondsMax = ttlSecondsMax;
        this.origins = new OriginParser("settings.", edgeAddresses);
    }

    /** The octets of stored content, as when a journal is read again. */
    public static Rdata rdata(RecordType type, String content, OptionalInt priority) {
        return ContentForm.of(type).rdata(content, priority);
    }

    /** The API's {@code data} object of a record, in the API's order of keys; empty for types without one. */
    public static Map<String, Object> data(Record record) {
        return ContentForm.of(record.type())
                .data(new RecordContent(record.content(), record.priority(), record.rdata()));
    }

    /** Checks a draft for a zone. A priority inside content or data wins over the one beside it, and data over content. */
    public ParsedRecord parse(RecordDraft draft, DomainName zone, RecordIdentity identity) {
        return parse(draft, zone, identity, Optional.empty());
    }

    /**
     * @param held the record as it is: it may keep a TTL that is out of range by now, and keeps what the draft does not say of how its
     *     origin is asked
     */
    public ParsedRecord parse(RecordDraft draft, DomainName zone, RecordIdentity identity, Optional<Record> held) {
        List<FieldError> errors = new ArrayList<>(0);
        Optional<RecordType> type = type(draft, errors);
        Optional<DomainName> name = name(draft, zone, errors);
        Attributes attributes = new Attributes(errors);
        boolean proxied = draft.proxied().orElse(false);
        Ttl ttl = ttl(draft, proxied, held.map(Record::ttl).orElse(Ttl.AUTO), errors);
        String comment = attributes.comment(draft.comment().orElse(""));
        List<String> tags = attributes.tags(draft.tags().orElse(List.of()));
        if (type.isEmpty()) {
            return new ParsedRecord.Invalid(errors);
        }
        RecordSettings switches = attributes.settings(draft.settings().orElse(RecordSettings.NONE), type.get());
        OriginSettings origin = origin(draft, type.get(), held, errors);
        if (proxied && !type.get().isProxiable()) {
            errors.add(new FieldError(
                    "proxied", "true", "only A, AAAA and CNAME records can be proxied", Kind.NOT_PROXIABLE));
        }
        Optional<RecordContent> content = content(draft, type.get(), zone, errors);
        name.ifPresent(n -> checkNameAndType(n, zone, type.get(), errors));
        name.filter(n -> proxied && !n.isHostName()).ifPresent(n -> errors.add(notHost(n)));
        if (name.isPresent() && content.isPresent()) {
            checkContent(name.get(), type.get(), content.get(), proxied, errors);
        }
        if (!errors.isEmpty()) {
            return new ParsedRecord.Invalid(errors);
        }
        RecordContent valid = content.orElseThrow();
        return new ParsedRecord.Valid(new Record(
                identity.id(),
                name.orElseThrow(),
                type.get(),
                valid.text(),
                valid.priority(),
                ttl,
                proxied,
                switches.withOrigin(origin),
                comment,
                tags,
                identity.createdOn(),
                identity.modifiedOn(),
                valid.rdata()));
    }

    /** Why a record that was checked elsewhere would lead the edge back to itself on this node. */
    public Optional<FieldError> loop(Record record) {
        boolean isAddress = record.type() == RecordType.A || record.type() == RecordType.AAAA;
        boolean isNameServer = !record.proxied() && nameServers.contains(record.name());
        return isAddress
                        && !isNameServer
                        && edgeAddresses.contains(Addresses.of(record.rdata().wire()))
                ? Optional.of(new FieldError("content", record.content(), Addresses.OWN, Kind.INVALID_CONTENT))
                : Optional.empty();
    }

    private OriginSettings origin(RecordDraft draft, RecordType type, Optional<Record> held, List<FieldError> errors) {
        if (type.isProxiable()) {
            return origins.over(held.map(Record::origin).orElse(OriginSettings.NONE), draft.origin(), errors);
        }
        draft.origin().wanted().forEach((key, value) -> {
            if (!value.isNull()) {
                String rule = "only an A, AAAA or CNAME record has it";
                errors.add(new FieldError("settings." + key.text(), value.toString(), rule, Kind.INVALID_FIELD));
            }
        });
        return OriginSettings.NONE;
    }

    private static Optional<RecordType> type(RecordDraft draft, List<FieldError> errors) {
        Optional<RecordType> type = RecordType.named(draft.type());
        if (type.isEmpty()) {
            boolean soa = draft.type().toUpperCase(Locale.ROOT).equals("SOA");
            String rule = (soa ? "the edge makes the SOA itself; " : "") + "expected one of " + TYPES;
            errors.add(new FieldError("type", draft.type(), rule, Kind.INVALID_TYPE));
        }
        return type;
    }

    private static Optional<DomainName> name(RecordDraft draft, DomainName zone, List<FieldError> errors) {
        try {
            return Optional.of(DomainName.inZone(draft.name(), zone));
        } catch (InvalidNameException e) {
            errors.add(new FieldError("name", draft.name(), e.rule(), Kind.INVALID_NAME));
            return Optional.empty();
        }
    }

    private Ttl ttl(RecordDraft draft, boolean proxied, Ttl held, List<FieldError> errors) {
        int seconds = draft.ttlSeconds().orElse(Ttl.AUTO.seconds());
        boolean inRange = seconds >= ttlSecondsMin && seconds <= ttlSecondsMax;
        if (seconds != Ttl.AUTO.seconds() && seconds != held.seconds() && !inRange) {
            errors.add(new FieldError(
                    "ttl",
                    Integer.toString(seconds),
                    "expected 1 for automatic, or " + ttlSecondsMin + " to " + ttlSecondsMax + " seconds",
                    Kind.INVALID_TTL));
        }
        return proxied ? Ttl.AUTO : new Ttl(seconds);
    }

    private static Optional<RecordContent> content(
            RecordDraft draft, RecordType type, DomainName zone, List<FieldError> errors) {
        ContentForm form = ContentForm.of(type);
        OptionalInt priority = draft.priority().map(OptionalInt::of).orElse(OptionalInt.empty());
        try {
            if (priority.isPresent() && form.hasPriority()) {
                checkPriority(priority.getAsInt());
            }
            if (form.hasData() && !draft.data().isEmpty()) {
                RecordContent read = form.fromData(checkedData(draft.data()), priority, TargetNames.inZone(zone));
                return Optional.of(ContentForm.spelled(type, draft.data().toString(), read));
            }
            String content = draft.content().orElse("");
            checkPlain(content, form.hasData());
            return Optional.of(ContentForm.read(type, content, priority, TargetNames.inZone(zone)));
        } catch (InvalidContentException e) {
            errors.addAll(e.errors());
            return Optional.empty();
        }
    }

    private static void checkPriority(int priority) {
        if (priority < 0 || priority > 65535) {
            throw InvalidContentException.of(
                    "priority", Integer.toString(priority), "expected a whole number from 0 to 65535");
        }
    }

    private static Map<String, Object> checkedData(Map<String, Object> data) {
        data.forEach((key, value) -> {
            String text = value.toString();
            if (text.length() > CONTENT_CHARS_MAX || Attributes.hasControlCharacter(text)) {
                throw InvalidContentException.of(
                        "data." + key, text, "no control characters, and at most 32768 characters");
            }
        });
        return data;
    }

    static void checkPlain(String content, boolean hasData) {
        if (content.isBlank()) {
            throw InvalidContentException.content(
                    content, "expected the record's content" + (hasData ? ", or its data" : ""));
        }
        if (content.length() > CONTENT_CHARS_MAX) {
            throw InvalidContentException.content(content, "content has at most " + CONTENT_CHARS_MAX + " characters");
        }
        if (Attributes.hasControlCharacter(content.replace('\t', ' '))) {
            throw InvalidContentException.content(
                    content, "content has no line breaks or other control characters; TXT can spell them \\DDD");
        }
    }

    private static FieldError notHost(DomainName name) {
        return new FieldError(
                "name",
                name.toString(),
                "the name of a proxied record is made of letters, digits, '-' and '_', or '*' alone in a label",
                Kind.NOT_PROXIABLE);
    }

    private static void checkNameAndType(DomainName name, DomainName zone, RecordType type, List<FieldError> errors) {
        if (type == RecordType.NS && name.isWildcard()) {
            errors.add(new FieldError(
                    "name", name.toString(), "a wildcard cannot be delegated (RFC 4592)", Kind.INVALID_NAME));
        }
        if (type == RecordType.DS && name.equals(zone)) {
            errors.add(new FieldError(
                    "name", name.toString(), "the DS of a zone belongs in its parent zone", Kind.INVALID_NAME));
        }
    }

    private void checkContent(
            DomainName name, RecordType type, RecordContent content, boolean proxied, List<FieldError> errors) {
        boolean isAddress = type == RecordType.A || type == RecordType.AAAA;
        Optional<String> rule = isAddress ? refusedAddress(name, content, proxied) : Optional.empty();
        rule.ifPresent(broken -> errors.add(new FieldError("content", content.text(), broken, Kind.INVALID_CONTENT)));
    }

    /** What is no destination cannot be an origin; as DNS data it may mean something to whoever put it there. */
    private Optional<String> refusedAddress(DomainName name, RecordContent content, boolean proxied) {
        InetAddress address = Addresses.of(content.rdata().wire());
        boolean isNameServer = !proxied && nameServers.contains(name);
        if (edgeAddresses.contains(address) && !isNameServer) {
            return Optional.of(Addresses.OWN);
        }
        return proxied ? Addresses.noDestination(address) : Optional.empty();
    }
}
