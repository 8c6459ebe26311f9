package io.anycastle.core.store.plan;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DnsSettings;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.core.model.PrivateNames;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordPatch;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.Ttl;
import io.anycastle.core.model.Zone;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.rdata.ContentForm;
import io.anycastle.core.rdata.ParsedRecord;
import io.anycastle.core.rdata.RecordIdentity;
import io.anycastle.core.rdata.RecordParser;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Exemption;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Works out what a change set would do to a zone. Pure: no clock, no I/O, the same arguments give the same plan. Each edit sees the
 * results of those before it; an edit that breaks a rule is told and skipped, so that one answer names every mistake.
 */
public final class ChangePlanner {
    private static final Pattern HYPHEN_AT_EDGE = Pattern.compile("(^|\\.)-|-(\\.|$)");
    private static final Pattern ZONE_NAME = Pattern.compile("[a-z0-9_*/.-]*");
    private static final int NAMED_RECORDS_MAX = 5;
    private static final String NO_HTTP2 =
            "connections that begin with the PROXY protocol carry no HTTP/2: expected http or https, or origin_proxy_protocol off";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final ZoneRules rules;
    private final RecordParser parser;

    public ChangePlanner(ZoneRules rules) {
        this.rules = rules;
        this.parser = new RecordParser(
                rules.edgeAddresses(), rules.nameServers(), rules.ttlSecondsMin(), rules.ttlSecondsMax());
    }

    /**
     * What a plan takes from the world outside.
     *
     * @param stamp of every name that changes
     * @param ids makes a new id of 32 lower-case hex digits at each call
     */
    public record Context(Instant now, Stamp stamp, Supplier<String> ids) {}

    /**
     * Works the change set out. The expected version is the caller's business.
     *
     * @param before the zone as it is, empty when there is none
     */
    public Plan plan(Optional<ZoneState> before, ChangeSet change, Context context) {
        return new Planning(before, change.zone(), context).plan(change.edits());
    }

    /** The serial after this one: the time of day where that is ahead, in the arithmetic of RFC 1982. */
    public static int nextSerial(int serial, Instant now) {
        int next = serial + 1;
        int clock = (int) now.getEpochSecond();
        return clock - next > 0 ? clock : next;
    }

    /** One change set being worked out. */
    private final class Planning {
        private final Optional<ZoneState> before;
        private final DomainName name;
        private final Context context;
        private final List<EditError> errors = new ArrayList<>();
        private final List<Optional<Record>> results = new ArrayList<>();
        private Optional<Zone> zone;
        private ZoneDraft draft;
        private final Set<String> settled = new HashSet<>();
        private boolean restarted;

        /** Whether what was there once is put back: it may hold what is left out of answers, but not be made anew. */
        private boolean restores;

        private int edit;

        Planning(Optional<ZoneState> before, DomainName name, Context context) {
            this.before = before;
            this.name = name;
            this.context = context;
            this.zone = before.map(ZoneState::zone).or(this::account);
            this.draft = before.map(ZoneDraft::new).orElseGet(() -> new ZoneDraft(ZoneState.empty(newZone())));
        }

        /** The account is always there. */
        private Optional<Zone> account() {
            return name.equals(Account.ZONE) ? Optional.of(newZone()) : Optional.empty();
        }

        Plan plan(List<Edit> edits) {
            for (edit = 0; edit < edits.size(); edit++) {
                results.add(apply(edits.get(edit)));
            }
            draft.forEachPut((at, index) -> at.finalRefusal(name).ifPresent(e -> errors.add(new EditError(index, e))));
            if (!errors.isEmpty()) {
                return new Plan.Refused(errors);
            }
            return isIdle(edits) ? new Plan.Planned(before, Set.of(), Set.of(), Set.of(), results) : planned();
        }

        /** Whether all that was to be added is there already: then no new version of the zone is made. */
        private boolean isIdle(List<Edit> edits) {
            boolean onlyAdds = !edits.isEmpty() && edits.stream().allMatch(Edit.AddRecord.class::isInstance);
            return onlyAdds && before.isPresent() && draft.changed().isEmpty();
        }

        private Optional<Record> apply(Edit change) {
            if (zone.isEmpty() && !standsAlone(change)) {
                refuse("zone", name.toString(), "there is no such zone", Kind.NO_SUCH_ZONE);
                return Optional.empty();
            }
            if (Account.isReserved(name) && !isForAccount(change)) {
                refuse("zone", name.toString(), "the name is reserved for the edge itself", Kind.INVALID_NAME);
                return Optional.empty();
            }
            return switch (change) {
                case Edit.CreateZone create -> createZone(create);
                case Edit.ChangeZone changes -> changeZone(changes);
                case Edit.TakeNameServers ignored -> takeNameServers();
                case Edit.DeleteZone ignored -> deleteZone();
                case Edit.CreateRecord create -> createRecord(create.draft());
                case Edit.AddRecord add -> addRecord(add.draft());
                case Edit.ReplaceRecord replace -> existing(replace.id()).flatMap(old -> rewrite(old, replace.draft()));
                case Edit.PatchRecord patch ->
                    existing(patch.id()).flatMap(old -> rewrite(old, patched(old, patch.patch())));
                case Edit.DeleteRecord delete -> existing(delete.id()).map(this::deleteRecord);
                case Edit.RestoreZone restore -> restoreZone(restore.settings());
                case Edit.RestoreName restore -> restoreName(restore.wanted());
                case Edit.PutDocument put -> document(put.key(), Optional.of(put.json()));
                case Edit.DeleteDocument delete -> document(delete.key(), Optional.empty());
                case Edit.SettleConflict settle -> {
                    settled.add(settle.id());
                    yield Optional.empty();
                }
            };
        }

        /** Whether it needs no zone to be there. */
        private static boolean standsAlone(Edit change) {
            return change instanceof Edit.CreateZone
                    || change instanceof Edit.RestoreZone
                    || change instanceof Edit.SettleConflict;
        }

        private boolean isForAccount(Edit change) {
            return name.equals(Account.ZONE)
                    && switch (change) {
                        case Edit.ChangeZone zoneChange ->
                            zoneChange.type().isEmpty() && zoneChange.status().isEmpty();
                        case Edit.PutDocument ignored -> true;
                        case Edit.DeleteDocument ignored -> true;
                        case Edit.SettleConflict ignored -> true;
                        case Edit.CreateZone ignored -> false;
                        case Edit.TakeNameServers ignored -> false;
                        case Edit.DeleteZone ignored -> false;
                        case Edit.CreateRecord ignored -> false;
                        case Edit.AddRecord ignored -> false;
                        case Edit.ReplaceRecord ignored -> false;
                        case Edit.PatchRecord ignored -> false;
                        case Edit.DeleteRecord ignored -> false;
                        case Edit.RestoreZone ignored -> false;
                        case Edit.RestoreName ignored -> false;
                    };
        }

        private Optional<Record> document(String key, Optional<String> json) {
            ProxySettings held = proxySettings();
            draft.document(key, json);
            if (key.equals(ProxySettings.KEY)) {
                if (proxySettings().demandsTls()) {
                    checkTls(held.demandsTls());
                }
                checkProxyHeader(held);
            }
            return Optional.empty();
        }

        private ProxySettings proxySettings() {
            return draft.document(ProxySettings.KEY).map(ProxySettings::parsed).orElse(ProxySettings.DEFAULTS);
        }

        /** A zone that demands TLS of its origins has no setting that says otherwise; records are looked at once, when it begins to. */
        private void checkTls(boolean demandedTls) {
            ProxySettings settings = proxySettings();
            Map<OriginKey, String> said = settings.origin().json();
            settings.origin()
                    .withoutTls()
                    .forEach(key ->
                            refuse(key.text(), String.valueOf(said.get(key)), noTls(settings), Kind.INVALID_FIELD));
            List<Record> without = demandedTls
                    ? List.of()
                    : draft.records()
                            .filter(record -> !record.origin().withoutTls().isEmpty())
                            .toList();
            if (!without.isEmpty()) {
                String rule =
                        "these records' origins are asked without TLS, by origin_scheme, origin_fallback or a route: "
                                + named(without);
                refuse(ProxySettings.TLS, mode(settings), rule, Kind.INVALID_FIELD);
            }
        }

        private static String named(List<Record> records) {
            int more = records.size() - NAMED_RECORDS_MAX;
            return records.stream()
                            .limit(NAMED_RECORDS_MAX)
                            .map(record -> record.name() + " " + record.type() + " " + record.content())
                            .collect(Collectors.joining(", "))
                    + (more > 0 ? " and " + more + " more" : "");
        }

        /** A connection that begins with the PROXY protocol belongs to one client; one of HTTP/2 carries the requests of many. */
        private void checkProxyHeader(ProxySettings held) {
            OriginSettings said = proxySettings().origin();
            clashing(said)
                    .ifPresent(key ->
                            refuse(key.text(), String.valueOf(said.json().get(key)), NO_HTTP2, Kind.INVALID_FIELD));
            List<Record> clashing = draft.records()
                    .filter(record -> clashing(record.origin().over(said)).isPresent()
                            && clashing(record.origin().over(held.origin())).isEmpty())
                    .toList();
            if (!clashing.isEmpty()) {
                String rule =
                        "these records' origins would be asked both by h2c and with the PROXY protocol, which HTTP/2 cannot carry: "
                                + named(clashing);
                refuse(
                        OriginKey.PROXY_PROTOCOL.text(),
                        String.valueOf(said.json().get(OriginKey.PROXY_PROTOCOL)),
                        rule,
                        Kind.INVALID_FIELD);
            }
        }

        private static Optional<OriginKey> clashing(OriginSettings settings) {
            return settings.sendsProxyHeader() ? settings.byHttp2().stream().findFirst() : Optional.empty();
        }

        private static String noTls(ProxySettings settings) {
            return "in a zone whose TLS mode is " + mode(settings) + " origins are asked in TLS: expected https";
        }

        private static String mode(ProxySettings settings) {
            return settings.tls().map(OriginTlsMode::text).orElse("");
        }

        /** What a merge has brought together stays as it is, so that its other fields can be changed: the zone has its way. */
        private Optional<FieldError> originRefusal(Record record) {
            if (record.origin().isEmpty() || restores || isSaid(record)) {
                return Optional.empty();
            }
            ProxySettings settings = proxySettings();
            Set<OriginKey> without = settings.demandsTls() ? record.origin().withoutTls() : Set.of();
            if (!without.isEmpty()) {
                return Optional.of(refusal(record.origin(), without.iterator().next(), noTls(settings)));
            }
            OriginSettings effective = record.origin().over(settings.origin());
            return clashing(effective).map(key -> refusal(effective, key, NO_HTTP2));
        }

        private static FieldError refusal(OriginSettings said, OriginKey key, String rule) {
            return new FieldError(
                    "settings." + key.text(), String.valueOf(said.json().get(key)), rule, Kind.INVALID_FIELD);
        }

        /** Whether the record says that already. */
        private boolean isSaid(Record record) {
            return draft.record(record.id())
                    .filter(held -> held.origin().equals(record.origin()))
                    .isPresent();
        }

        private Zone newZone() {
            return new Zone(
                    "",
                    name,
                    ZoneType.FULL,
                    ZoneStatus.PENDING,
                    false,
                    0,
                    0,
                    List.of(),
                    context.now(),
                    context.now(),
                    Optional.empty());
        }

        private Optional<Record> createZone(Edit.CreateZone create) {
            if (zone.isPresent()) {
                refuse("name", name.toString(), name + " already exists", Kind.ZONE_EXISTS);
                return Optional.empty();
            }
            List<DomainName> nameServers = create.nameServers().isEmpty() ? rules.nameServers() : create.nameServers();
            checkZone(nameServers);
            boolean active = !isChecked(create.type());
            zone = Optional.of(new Zone(
                    context.ids().get(),
                    name,
                    create.type(),
                    active ? ZoneStatus.ACTIVE : ZoneStatus.PENDING,
                    false,
                    0,
                    0,
                    nameServers,
                    context.now(),
                    context.now(),
                    active ? Optional.of(context.now()) : Optional.empty()));
            return Optional.empty();
        }

        /** Whether public DNS decides on zones of that type: not on full ones that nobody could delegate. */
        private boolean isChecked(ZoneType type) {
            boolean isPrivate = type == ZoneType.FULL && PrivateNames.contains(name);
            return !rules.activateImmediately() && !isPrivate;
        }

        private void checkZone(List<DomainName> nameServers) {
            if (rules.partialSuffix().filter(name::isAtOrBelow).isPresent()) {
                String rule = "the edge answers there for the hosts of partial zones (zones.partial-suffix)";
                refuse("name", name.toString(), rule, Kind.INVALID_NAME);
            }
            if (name.isRoot()) {
                refuse("name", name.toString(), "expected a zone's name, like example.com", Kind.INVALID_NAME);
            }
            if (!ZONE_NAME.matcher(name.toString()).matches()) {
                String rule = "a name is made of letters, digits, '-', '_', '*' and '/'";
                refuse("name", name.toString(), rule, Kind.INVALID_NAME);
            }
            if (HYPHEN_AT_EDGE.matcher(name.toString()).find()) {
                String rule = "no label of a zone's name begins or ends with a hyphen (RFC 952)";
                refuse("name", name.toString(), rule, Kind.INVALID_NAME);
            }
            if (nameServers.isEmpty()) {
                refuse("name_servers", "", "expected at least one name server", Kind.INVALID_FIELD);
            }
        }

        /** Version and serial go on from the higher ones, so that nobody who knew the zone takes it for an older one. */
        private Optional<Record> restoreZone(Zone settings) {
            checkZone(settings.nameServers());
            if (!settings.name().equals(name)) {
                refuse("name", settings.name().toString(), "expected " + name, Kind.INVALID_NAME);
            }
            if (!ID.matcher(settings.id()).matches()) {
                refuse("id", settings.id(), "expected 32 hex digits", Kind.INVALID_FIELD);
            }
            zone = Optional.of(settings);
            return Optional.empty();
        }

        /** Another operator's servers are left out of the answers of a full zone, unless its settings say otherwise. */
        private void checkApex(ZoneType type) {
            if (type == ZoneType.FULL && !isMultiProvider() && draft.at(name).has(RecordType.NS)) {
                refuse("type", "full", "remove the zone's own NS records first: the edge makes them", Kind.NS_CLASH);
            }
        }

        private boolean isMultiProvider() {
            return draft.document(DnsSettings.KEY)
                    .map(DnsSettings::parsed)
                    .map(DnsSettings::multiProvider)
                    .orElse(false);
        }

        private Optional<Record> restoreName(NameRecords wanted) {
            draft.at(wanted.name()).records().forEach(draft::remove);
            restores = true;
            for (Record record : wanted.records()) {
                restoreRecord(record);
            }
            restores = false;
            draft.unknown(wanted.name(), wanted.unknown());
            return Optional.empty();
        }

        /** It was judged when it was written: it is taken as it is, and need not be what a user could write today. */
        private void restoreRecord(Record record) {
            if (!record.name().isAtOrBelow(name)) {
                refuse("name", record.name().toString(), "expected a name in the zone " + name, Kind.INVALID_NAME);
                return;
            }
            Optional<FieldError> loop = parser.loop(record);
            loop.ifPresent(error -> errors.add(new EditError(edit, error)));
            if (loop.isEmpty()) {
                put(record);
            }
        }

        private Optional<Record> changeZone(Edit.ChangeZone change) {
            Zone old = zone.orElseThrow();
            ZoneType type = change.type().orElse(old.type());
            boolean isSameType = type == old.type();
            if (!isSameType) {
                checkApex(type);
            }
            ZoneStatus status = change.status().orElseGet(() -> isSameType ? old.status() : retyped(old, type));
            Optional<Instant> activatedOn = status == ZoneStatus.ACTIVE && old.status() != ZoneStatus.ACTIVE
                    ? Optional.of(context.now())
                    : old.activatedOn();
            zone = Optional.of(new Zone(
                    old.id(),
                    name,
                    type,
                    status,
                    change.paused().orElse(old.paused()),
                    old.version(),
                    old.serial(),
                    old.nameServers(),
                    old.createdOn(),
                    old.modifiedOn(),
                    activatedOn,
                    old.unknown()));
            return Optional.empty();
        }

        /** What pointed the zone here says nothing about the new type, which is to be seen in public DNS first. */
        private ZoneStatus retyped(Zone old, ZoneType type) {
            if (rules.activateImmediately() || Exemption.isAlwaysActive(draft.document(Exemption.KEY))) {
                return old.status();
            }
            return isChecked(type) ? ZoneStatus.PENDING : ZoneStatus.ACTIVE;
        }

        private Optional<Record> takeNameServers() {
            zone = zone.map(old -> old.withNameServers(rules.nameServers()));
            return Optional.empty();
        }

        private Optional<Record> deleteZone() {
            zone = Optional.empty();
            draft = new ZoneDraft(ZoneState.empty(newZone()));
            restarted = true;
            return Optional.empty();
        }

        private Optional<Record> existing(String id) {
            Optional<Record> record = draft.record(id);
            if (record.isEmpty()) {
                refuse("id", id, "Record does not exist.", Kind.NO_SUCH_RECORD);
            }
            return record;
        }

        /** Routers send a TTL of 0 for one that is not set. */
        private Optional<Record> createRecord(RecordDraft wanted) {
            boolean isUnset = isZero(wanted) && rules.ttlSecondsMin() > 0;
            return write(isUnset ? wanted.withTtl(Ttl.AUTO.seconds()) : wanted, fresh(), Optional.empty());
        }

        private static boolean isZero(RecordDraft wanted) {
            return wanted.ttlSeconds().filter(seconds -> seconds == 0).isPresent();
        }

        private RecordIdentity fresh() {
            return new RecordIdentity(context.ids().get(), context.now(), context.now());
        }

        private Optional<Record> addRecord(RecordDraft wanted) {
            return switch (parser.parse(wanted, name, fresh())) {
                case ParsedRecord.Invalid invalid -> refused(invalid);
                case ParsedRecord.Valid valid ->
                    draft.at(valid.record().name()).holds(valid.record()) ? Optional.empty() : put(valid.record());
            };
        }

        private Optional<Record> refused(ParsedRecord.Invalid invalid) {
            invalid.errors().forEach(e -> errors.add(new EditError(edit, e)));
            return Optional.empty();
        }

        private Optional<Record> rewrite(Record old, RecordDraft wanted) {
            boolean isUnset = isZero(wanted) && old.ttl().seconds() != 0;
            return write(
                    isUnset ? wanted.withTtl(Ttl.AUTO.seconds()) : wanted,
                    new RecordIdentity(old.id(), old.createdOn(), context.now()),
                    Optional.of(old));
        }

        private Optional<Record> write(RecordDraft wanted, RecordIdentity identity, Optional<Record> held) {
            return switch (parser.parse(wanted, name, identity, held)) {
                case ParsedRecord.Invalid invalid -> refused(invalid);
                case ParsedRecord.Valid valid ->
                    put(held.map(Record::unknown)
                            .filter(unknown -> !unknown.isEmpty())
                            .map(valid.record()::withUnknown)
                            .orElse(valid.record()));
            };
        }

        private Optional<Record> put(Record record) {
            Optional<FieldError> refusal = apexRefusal(record)
                    .or(() -> originRefusal(record))
                    .or(() -> draft.at(record.name()).refusal(record));
            if (refusal.isPresent()) {
                errors.add(new EditError(edit, refusal.get()));
                return Optional.empty();
            }
            draft.put(record, edit);
            return Optional.of(record);
        }

        private Optional<FieldError> apexRefusal(Record record) {
            if (!record.name().equals(name)) {
                return Optional.empty();
            }
            boolean isNs = record.type() == RecordType.NS && zone.orElseThrow().type() == ZoneType.FULL;
            if (isNs && !restores && !isMultiProvider()) {
                return Optional.of(new FieldError(
                        "type",
                        "NS",
                        "the NS records of the zone's own name are made by the edge from the zone's name servers;"
                                + " others stand beside them where its multi_provider setting says so",
                        Kind.NS_CLASH));
            }
            return Optional.empty();
        }

        private Record deleteRecord(Record record) {
            draft.remove(record);
            return record;
        }

        private void refuse(String field, String value, String rule, Kind kind) {
            errors.add(new EditError(edit, new FieldError(field, value, rule, kind)));
        }

        private Plan planned() {
            Set<DomainName> names = new HashSet<>(draft.changed());
            if (restarted) {
                before.ifPresent(b -> names.addAll(b.names().keySet()));
            }
            Set<String> documents = draft.changedDocuments();
            boolean isObservation = names.isEmpty() && isObservation(documents);
            Optional<ZoneState> after =
                    zone.map(z -> draft.finish(isObservation ? observed(z) : next(z), names, context.stamp()));
            return new Plan.Planned(after, names, documents, settled, results);
        }

        /** Whether nothing is written but what was seen of the world outside. */
        private boolean isObservation(Set<String> documents) {
            boolean isSame = before.isPresent()
                    && zone.filter(z -> z.hasSettingsOf(before.get().zone())).isPresent();
            return isSame && !documents.isEmpty() && documents.stream().allMatch(Document::isObserved);
        }

        private Zone observed(Zone last) {
            return last.at(nextVersion(last), last.serial(), last.modifiedOn());
        }

        private long nextVersion(Zone last) {
            return Math.max(before.map(b -> b.zone().version()).orElse(0L), last.version()) + 1;
        }

        private Zone next(Zone last) {
            long version = nextVersion(last);
            boolean isFirst = before.isEmpty() && last.serial() == 0;
            int serial = isFirst ? (int) context.now().getEpochSecond() : nextSerial(serialBefore(last), context.now());
            return last.at(version, serial, context.now());
        }

        /** The zone's serial, or a restored one where that is ahead. */
        private int serialBefore(Zone last) {
            int restored = last.serial();
            return before.map(b -> b.zone().serial())
                    .filter(present -> restored == 0 || present - restored > 0)
                    .orElse(restored);
        }
    }

    /** What the record would be asked for as, with the patch's fields in place of its own. */
    private static RecordDraft patched(Record old, RecordPatch patch) {
        boolean newContent =
                patch.content().isPresent() || !patch.data().isEmpty() || isInContent(old, patch.priority());
        Optional<String> content = newContent ? patch.content() : Optional.of(old.content());
        Optional<Integer> priority = patch.priority().or(() -> priority(old));
        return new RecordDraft(
                patch.name().orElse(old.name() + "."),
                patch.type().orElse(old.type().name()),
                content,
                newContent ? mergedData(old, patch) : Map.of(),
                priority,
                patch.ttlSeconds().or(() -> Optional.of(old.ttl().seconds())),
                patch.proxied().or(() -> Optional.of(old.proxied())),
                Optional.of(patch.settings().over(old.settings())),
                patch.comment().or(() -> Optional.of(old.comment())),
                patch.tags().or(() -> Optional.of(old.tags())),
                patch.origin());
    }

    private static Optional<Integer> priority(Record record) {
        Object inside = RecordParser.data(record).get("priority");
        return record.priority().isPresent()
                ? Optional.of(record.priority().getAsInt())
                : Optional.ofNullable(inside instanceof Integer number ? number : null);
    }

    /** Whether a new priority belongs into the content of the record, as that of HTTPS and SVCB does. */
    private static boolean isInContent(Record old, Optional<Integer> priority) {
        return priority.isPresent()
                && old.priority().isEmpty()
                && RecordParser.data(old).containsKey("priority");
    }

    /** A patch may name some of the data's fields; the others stay, as long as the type does. */
    private static Map<String, Object> mergedData(Record old, RecordPatch patch) {
        boolean sameType =
                patch.type().map(t -> t.equalsIgnoreCase(old.type().name())).orElse(true);
        boolean isPriority = patch.content().isEmpty() && isInContent(old, patch.priority());
        if ((patch.data().isEmpty() && !isPriority)
                || !sameType
                || !ContentForm.of(old.type()).hasData()) {
            return patch.data();
        }
        Map<String, Object> merged = RecordParser.data(old);
        patch.priority().ifPresent(p -> merged.replace("priority", p));
        merged.putAll(patch.data());
        return merged;
    }
}
