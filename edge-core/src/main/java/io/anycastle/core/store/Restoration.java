package io.anycastle.core.store;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.backup.BackupReader;
import io.anycastle.core.store.backup.RestoreFilter;
import io.anycastle.core.store.change.BackupException;
import io.anycastle.core.store.change.ChangeOutcome;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.plan.RestoreEdits;
import io.anycastle.core.store.state.BackupContents;
import io.anycastle.core.view.EdgeView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Makes a store what a backup has: first all of the file is read and every zone checked, then zone after zone is changed by ordinary
 * change sets, which replicate and win like any others. Records are taken as the backup holds them; only the rules among the records of a
 * zone and those of this node are judged anew, and what cannot stand is left out and named.
 *
 * <p>What is to be changed is worked out on the zone's present state, so that a restore that broke off is simply run again. One restore
 * at a time is the caller's business. Blocks; use it from a virtual thread or a worker.
 */
public final class Restoration {
    private static final int ERRORS_TOLD = 20;
    private static final int RACES_MAX = 50;
    private static final String FILE = "the file";

    private final Path file;
    private final Target target;
    private final EdgeStore store;
    private final Options options;
    private final BackupContents contents;
    private final List<ZoneChange> planned;
    private final Set<DomainName> named;

    /**
     * How to restore.
     *
     * @param isExact whether zones that the backup does not have are removed
     * @param isAllOrNothing whether a record or zone that cannot stand here keeps all of the backup out
     * @param documents which of the account's documents may be touched, by key
     * @param recordsPerChange a zone with more changed names or records than that is changed in several steps
     */
    public record Options(boolean isExact, boolean isAllOrNothing, Predicate<String> documents, int recordsPerChange) {}

    /** What a restore does to a zone. */
    public enum Action {
        CREATED,
        CHANGED,
        SAME,
        REMOVED,
        LEFT,

        /** The zone cannot be on this node: it stays as it is. */
        REFUSED,

        /** A part of the zone is done, and more of it follows. */
        UNDERWAY
    }

    /**
     * A zone and what is done to it.
     *
     * @param zone {@link Account#ZONE} for the account's settings
     * @param edits how many names, documents and settings differ
     * @param leftOut what of it cannot stand on this node, and why: a sentence for each
     */
    public record ZoneChange(DomainName zone, Action action, int edits, List<String> leftOut) {
        public ZoneChange {
            leftOut = List.copyOf(leftOut);
        }

        public ZoneChange(DomainName zone, Action action, int edits) {
            this(zone, action, edits, List.of());
        }
    }

    /** How a restore ended. */
    public sealed interface Ending {
        record Restored() implements Ending {}

        /** The zones before that one are restored, it may be in part; to be run again. */
        record BrokeOff(DomainName zone, String reason) implements Ending {}
    }

    private Restoration(Path file, Target target, Options options, BackupContents contents, List<ZoneChange> planned) {
        this.file = file;
        this.target = target;
        this.store = target.store;
        this.options = options;
        this.contents = contents;
        this.planned = planned;
        this.named = new HashSet<>(planned.stream().map(ZoneChange::zone).toList());
    }

    /**
     * Reads and checks a backup without a store.
     *
     * @throws BackupException when the file is no whole backup
     */
    public static BackupContents contentsOf(Path file) throws BackupException {
        return BackupReader.check(file);
    }

    /**
     * Reads and checks everything; changes nothing.
     *
     * @throws BackupException when the file is no whole backup, or when something in it cannot stand here and all is wanted or nothing
     */
    public static Restoration check(Path file, EdgeStore store, ZoneRules rules, Options options)
            throws BackupException {
        Target target = new Target(store, new RestoreFilter(rules), options);
        List<ZoneChange> planned = new ArrayList<>();
        BackupContents contents = BackupReader.read(
                file, FILE, zone -> planned.add(target.change(zone.zone().name(), target.sifted(zone))));
        List<String> leftOut =
                planned.stream().flatMap(change -> change.leftOut().stream()).toList();
        if (options.isAllOrNothing && !leftOut.isEmpty()) {
            int untold = leftOut.size() - ERRORS_TOLD;
            List<String> told = new ArrayList<>(leftOut.subList(0, Math.min(leftOut.size(), ERRORS_TOLD)));
            if (untold > 0) {
                told.add("and " + untold + " more");
            }
            throw new BackupException(told);
        }
        return new Restoration(file, target, options, contents, planned);
    }

    /** The store that is to become what the backup has, and what may be in it. */
    private record Target(EdgeStore store, RestoreFilter restoreFilter, Options options) {
        RestoreFilter.Filtered sifted(ZoneState wanted) {
            DomainName name = wanted.zone().name();
            EdgeView view = store.view().get();
            List<Edit> edits = name.equals(Account.ZONE)
                    ? RestoreEdits.account(view.account(), Account.of(wanted), options.documents)
                    : RestoreEdits.zone(view.zone(name), wanted);
            return restoreFilter.sift(view.zone(name), name, edits);
        }

        ZoneChange change(DomainName zone, RestoreFilter.Filtered sifted) {
            boolean isThere =
                    zone.equals(Account.ZONE) || store.view().get().zone(zone).isPresent();
            int edits = sifted.edits().size();
            Action action = sifted.isRefused()
                    ? Action.REFUSED
                    : !isThere ? Action.CREATED : edits == 0 ? Action.SAME : Action.CHANGED;
            return new ZoneChange(zone, action, edits, sifted.leftOut());
        }
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
        } catch (BackupException e) {
            return new Ending.BrokeOff(Account.ZONE, String.valueOf(e.getMessage()));
        }
    }

    /** Works out what differs and writes it, anew when somebody else was faster. */
    private ZoneChange restore(ZoneState wanted, Consumer<ZoneChange> told) {
        DomainName zone = wanted.zone().name();
        for (int race = 0; race < RACES_MAX; race++) {
            OptionalLong version = version(zone);
            RestoreFilter.Filtered sifted = target.sifted(wanted);
            ZoneChange change = target.change(zone, sifted);
            if (isWritten(new ChangeSet(zone, version, sifted.edits()), told)) {
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
