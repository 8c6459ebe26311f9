package io.anycastle.core.store.backup;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.plan.ChangePlanner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds what of a restore can stand by the rules of this node: most often all of it. A record that cannot is left out of its name, a zone
 * that cannot is left as it is, and each is named. Pure; any thread.
 */
public final class RestoreFilter {
    /** NS first: a DS needs them beside it, and what cannot lie beside them is less than the delegation. */
    private static final Comparator<Record> ORDER = Comparator.comparing(
                    (Record record) -> record.type() != RecordType.NS)
            .thenComparing(Record::type);

    private final ChangePlanner planner;

    public RestoreFilter(ZoneRules rules) {
        planner = new ChangePlanner(rules);
    }

    /**
     * What can be done.
     *
     * @param isRefused whether the zone cannot be here at all
     * @param leftOut a sentence for each thing that cannot stand
     */
    public record Filtered(List<Edit> edits, boolean isRefused, List<String> leftOut) {
        public Filtered {
            edits = List.copyOf(edits);
            leftOut = List.copyOf(leftOut);
        }
    }

    public Filtered sift(Optional<ZoneState> now, DomainName zone, List<Edit> edits) {
        List<EditError> errors = errors(now, zone, edits);
        if (errors.isEmpty()) {
            return new Filtered(edits, false, List.of());
        }
        Map<Integer, String> refused = new TreeMap<>();
        errors.forEach(error -> refused.merge(error.edit(), error.error().sentence(), (a, b) -> a + "; " + b));
        List<String> leftOut = new ArrayList<>();
        List<Edit> sound = new ArrayList<>();
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            if (!refused.containsKey(i)) {
                sound.add(edit);
            } else if (edit instanceof Edit.RestoreName name) {
                name(now, zone, edits, name, leftOut).ifPresent(sound::add);
            } else {
                return new Filtered(List.of(), true, List.of(zone + ": " + refused.get(i)));
            }
        }
        return errors(now, zone, sound).isEmpty()
                ? new Filtered(sound, false, leftOut)
                : new Filtered(List.of(), true, List.of(zone + ": " + String.join("; ", refused.values())));
    }

    /** The name without the records that cannot stand there; empty where nothing is left to be done. */
    private Optional<Edit> name(
            Optional<ZoneState> now,
            DomainName zone,
            List<Edit> edits,
            Edit.RestoreName restore,
            List<String> leftOut) {
        NameRecords wanted = restore.wanted();
        List<Record> kept = new ArrayList<>();
        for (Record record : wanted.records().stream().sorted(ORDER).toList()) {
            kept.add(record);
            List<EditError> errors = errors(now, zone, alone(edits, restore, kept));
            if (!errors.isEmpty()) {
                kept.removeLast();
                leftOut.add(zone + ": " + record.name() + " " + record.type() + " " + record.content() + ": "
                        + errors.stream()
                                .map(error -> error.error().sentence())
                                .distinct()
                                .collect(Collectors.joining("; ")));
            }
        }
        List<Record> present =
                now.flatMap(n -> n.at(wanted.name())).map(NameRecords::records).orElse(List.of());
        boolean isDone = kept.isEmpty() || present.equals(kept);
        return isDone ? Optional.empty() : Optional.of(named(wanted, kept));
    }

    private static Edit named(NameRecords wanted, List<Record> kept) {
        return new Edit.RestoreName(new NameRecords(wanted.name(), wanted.stamp(), kept, wanted.unknown()));
    }

    /** The edits that concern the zone, and of the names' only that one, with these records. */
    private static List<Edit> alone(List<Edit> edits, Edit.RestoreName name, List<Record> records) {
        List<Edit> few = new ArrayList<>();
        for (Edit edit : edits) {
            if (edit.equals(name)) {
                few.add(named(name.wanted(), records));
            } else if (!(edit instanceof Edit.RestoreName)) {
                few.add(edit);
            }
        }
        return few;
    }

    private List<EditError> errors(Optional<ZoneState> now, DomainName zone, List<Edit> edits) {
        var context = new ChangePlanner.Context(Instant.EPOCH, new Stamp(0, 0, ""), () -> "0".repeat(32));
        Plan plan = planner.plan(now, new ChangeSet(zone, OptionalLong.empty(), edits), context);
        return plan instanceof Plan.Refused refused ? refused.errors() : List.of();
    }
}
