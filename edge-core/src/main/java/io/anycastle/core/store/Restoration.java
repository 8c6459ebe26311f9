package io.anycastle.core.store;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Makes a store what a backup has: first all of the file is read and every zone checked by the rules of a write, then zone after zone is
 * changed by ordinary change sets, which replicate and win like any others.
 *
 * <p>What is to be changed is worked out on the zone's present state, so that a restore that broke off is simply run again. One restore
 * at a time is the caller's business. Blocks; use it from a virtual thread or a worker.
 */
public final class Restoration {
    private static final int ERRORS_TOLD = 20;
    private static final int RACES_MAX = 50;
    private static final String FILE = "the file";

    private final Path file;
    private final EdgeStore store;
    private final Options options;
    private final BackupContents contents;
    private final List<ZoneChange> planned;
    private final Set<DomainName> named;

    /**
     * How to restore.
     *
     * @param isExact whether zones that the backup does not have are removed
     * @param documents which of the account's documents may be touched, by key
     * @param recordsPerChange a zone with more changed names or records than that is changed in several steps
     */
    public record Options(boolean isExact, Predicate<String> documents, int recordsPerChange) {}

    /** What a restore does to a zone. */
    public enum Action {
        CREATED,
        CHANGED,
        SAME,
        REMOVED,
        LEFT,

        /** A part of the zone is done, and more of it follows. */
        UNDERWAY
    }

    /**
     * A zone and what is done to it.
     *
     * @param zone {@link Account#ZONE} for the account's settings
     * @param edits how many names, documents and settings differ
     */
    public record ZoneChange(DomainName zone, Action action, int edits) {}

    /** How a restore ended. */
    public sealed interface Ending {
        record Restored() implements Ending {}

        /** The zones before that one are restored, it may be in part; to be run again. */
        record BrokeOff(DomainName zone, String reason) implements Ending {}
    }

    private Restoration(
            Path file, EdgeStore store, Options options, BackupContents contents, List<ZoneChange> planned) {
        this.file = file;
        this.store = store;
        this.options = options;
        this.contents = contents;
        this.planned = planned;
        this.named = new HashSet<>(planned.stream().map(ZoneChange::zone).toList());
    }

    /**
     * Reads and checks everything; changes nothing.
     *
     * @throws BackupRefusal when the file is no whole backup, or breaks a rule of this node
     */
    public static Restoration check(Path file, EdgeStore store, ZoneRules rules, Options options) throws BackupRefusal {
        ChangePlanner planner = new ChangePlanner(rules);
        List<ZoneChange> planned = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        BackupContents contents = BackupReader.read(file, FILE, zone -> {
            List<Edit> edits = edits(store, zone, options);
            errors.addAll(errors(planner, store, zone, edits));
            planned.add(change(store, zone.zone().name(), edits));
        });
        if (!errors.isEmpty()) {
            int untold = errors.size() - ERRORS_TOLD;
            List<String> told = new ArrayList<>(errors.subList(0, Math.min(errors.size(), ERRORS_TOLD)));
            if (untold > 0) {
                told.add("and " + untold + " more");
            }
            throw new BackupRefusal(told);
        }
        return new Restoration(file, store, options, contents, planned);
    }

    private static List<Edit> edits(EdgeStore store, ZoneState wanted, Options options) {
        DomainName name = wanted.zone().name();
        return name.equals(Account.ZONE)
                ? RestoreEdits.account(store.view().get().account(), Account.of(wanted), options.documents)
                : RestoreEdits.zone(store.view().get().zone(name), wanted);
    }

    private static ZoneChange change(EdgeStore store, DomainName zone, List<Edit> edits) {
        boolean isThere =
                zone.equals(Account.ZONE) || store.view().get().zone(zone).isPresent();
        Action action = !isThere ? Action.CREATED : edits.isEmpty() ? Action.SAME : Action.CHANGED;
        return new ZoneChange(zone, action, edits.size());
    }

    private static List<String> errors(ChangePlanner planner, EdgeStore store, ZoneState zone, List<Edit> edits) {
        DomainName name = zone.zone().name();
        var context = new ChangePlanner.Context(Instant.EPOCH, new Stamp(0, 0, ""), () -> "0".repeat(32));
        Optional<ZoneState> now = store.view().get().zone(name);
        Plan plan = planner.plan(now, new ChangeSet(name, OptionalLong.empty(), edits), context);
        return plan instanceof Plan.Refused refused
                ? refused.errors().stream()
                        .map(error -> name + ": " + at(edits.get(error.edit()))
                                + error.error().sentence())
                        .toList()
                : List.of();
    }

    private static String at(Edit edit) {
        return edit instanceof Edit.RestoreName restore ? restore.wanted().name() + ": " : "";
    }

    public BackupContents contents() {
        return contents;
    }

    /** What is to be done, zone by zone. */
    public List<ZoneChange> planned() {
        List<ZoneChange> all = new ArrayList<>(planned);
        others().forEach(zone -> all.add(new ZoneChange(zone, options.isExact ? Action.REMOVED : Action.LEFT, 0)));
        return all;
    }

    private List<DomainName> others() {
        return store.view().get().zones().keySet().stream()
                .filter(zone -> !named.contains(zone))
                .sorted()
                .toList();
    }

    /** Does it, and tells each zone as it is done, and of a large one each step. */
    public Ending run(Consumer<ZoneChange> told) {
        try {
            BackupReader.read(file, FILE, zone -> told.accept(restore(zone, told)));
            for (DomainName zone : others()) {
                told.accept(options.isExact ? remove(zone, told) : new ZoneChange(zone, Action.LEFT, 0));
            }
            return new Ending.Restored();
        } catch (Stopped stopped) {
            return new Ending.BrokeOff(stopped.zone, stopped.reason);
        } catch (BackupRefusal e) {
            return new Ending.BrokeOff(Account.ZONE, String.valueOf(e.getMessage()));
        }
    }

    /** Works out what differs and writes it, anew when somebody else was faster. */
    private ZoneChange restore(ZoneState wanted, Consumer<ZoneChange> told) {
        DomainName zone = wanted.zone().name();
        for (int race = 0; race < RACES_MAX; race++) {
            OptionalLong version = version(zone);
            List<Edit> edits = edits(store, wanted, options);
            ZoneChange change = change(store, zone, edits);
            if (isWritten(new ChangeSet(zone, version, edits), told)) {
                return change;
            }
        }
        throw new Stopped(zone, "the zone is written too often by others");
    }

    /** The account's documents are put one by one and absolutely; they need no version. */
    private OptionalLong version(DomainName zone) {
        return zone.equals(Account.ZONE)
                ? OptionalLong.empty()
                : OptionalLong.of(store.view()
                        .get()
                        .zone(zone)
                        .map(z -> z.zone().version())
                        .orElse(0L));
    }

    /** Writes all of the edits, in as many steps as it takes; not all of them when another change came between. */
    private boolean isWritten(ChangeSet change, Consumer<ZoneChange> told) {
        OptionalLong version = change.expectedVersion();
        for (List<Edit> left = change.edits(); !left.isEmpty(); ) {
            List<Edit> part = part(left);
            Optional<ZoneState> after = write(new ChangeSet(change.zone(), version, part));
            if (after.isEmpty()) {
                return false;
            }
            if (version.isPresent()) {
                version = OptionalLong.of(after.get().zone().version());
            }
            left = left.subList(part.size(), left.size());
            if (!left.isEmpty()) {
                told.accept(new ZoneChange(change.zone(), Action.UNDERWAY, left.size()));
            }
        }
        return true;
    }

    private List<Edit> part(List<Edit> edits) {
        int records = 0;
        for (int i = 0; i < edits.size(); i++) {
            records += edits.get(i) instanceof Edit.RestoreName name
                    ? Math.max(1, name.wanted().records().size())
                    : 1;
            if (records > options.recordsPerChange && i > 2) { // the settings and the zone's own name stay together
                return edits.subList(0, i);
            }
        }
        return edits;
    }

    private ZoneChange remove(DomainName zone, Consumer<ZoneChange> told) {
        for (int race = 0; race < RACES_MAX; race++) {
            OptionalLong version = version(zone);
            if (store.view().get().zone(zone).isEmpty()
                    || isWritten(new ChangeSet(zone, version, List.of(new Edit.DeleteZone())), told)) {
                return new ZoneChange(zone, Action.REMOVED, 1);
            }
        }
        throw new Stopped(zone, "the zone is written too often by others");
    }

    /** The zone as it is then; empty when another change came first. */
    private Optional<ZoneState> write(ChangeSet change) {
        return switch (store.apply(change)) {
            case ChangeOutcome.Applied applied -> Optional.of(applied.state());
            case ChangeOutcome.VersionConflict ignored -> Optional.empty();
            case ChangeOutcome.Invalid invalid ->
                throw new Stopped(
                        change.zone(), invalid.errors().getFirst().error().sentence());
            case ChangeOutcome.Unavailable unavailable -> throw new Stopped(change.zone(), unavailable.reason());
            case ChangeOutcome.Unknown unknown -> throw new Stopped(change.zone(), unknown.reason());
        };
    }

    /** Ends a restore. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient DomainName zone;
        private final transient String reason;

        Stopped(DomainName zone, String reason) {
            super(reason, null, false, false);
            this.zone = zone;
            this.reason = reason;
        }
    }
}
