package io.anycastle.core.store.plan;

import io.anycastle.core.model.Account;
import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.state.ZoneImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The edits that make a zone, or the account, what a backup has. Pure. */
public final class RestoreEdits {
    private RestoreEdits() {}

    /**
     * What differs; empty when nothing does. The zone's own name comes first, before or after the settings, so that no step on the way
     * breaks a rule that the whole keeps.
     */
    public static List<Edit> zone(Optional<ZoneState> now, ZoneState wanted) {
        List<Edit> edits = new ArrayList<>();
        DomainName zone = wanted.zone().name();
        boolean hasSettings =
                now.map(n -> n.zone().hasSettingsOf(wanted.zone())).orElse(false);
        boolean isApexFirst = now.isPresent() && wanted.zone().type() == ZoneType.FULL;
        if (!hasSettings && !isApexFirst) {
            edits.add(new Edit.RestoreZone(wanted.zone()));
        }
        name(now, wanted, zone).ifPresent(edits::add);
        if (!hasSettings && isApexFirst) {
            edits.add(new Edit.RestoreZone(wanted.zone()));
        }
        Set<DomainName> names = new HashSet<>(wanted.names().keySet());
        now.ifPresent(n -> names.addAll(n.names().keySet()));
        names.stream()
                .filter(name -> !name.equals(zone))
                .sorted()
                .forEach(name -> name(now, wanted, name).ifPresent(edits::add));
        edits.addAll(documents(now.map(RestoreEdits::texts).orElse(Map.of()), texts(wanted)));
        return edits;
    }

    private static Optional<Edit> name(Optional<ZoneState> now, ZoneState wanted, DomainName name) {
        NameRecords to = wanted.at(name).orElseGet(() -> new NameRecords(name, ZoneImage.NONE.stamp(), List.of()));
        List<?> from =
                now.flatMap(n -> n.at(name)).<List<?>>map(NameRecords::records).orElse(List.of());
        return from.equals(to.records()) ? Optional.empty() : Optional.of(new Edit.RestoreName(to));
    }

    /** @param documents which of the account's documents a restore may touch, by key */
    public static List<Edit> account(Account now, Account wanted, Predicate<String> documents) {
        List<Edit> edits = new ArrayList<>();
        if (now.dnsOnly() != wanted.dnsOnly()) {
            edits.add(new Edit.ChangeZone(Optional.empty(), Optional.of(wanted.dnsOnly()), Optional.empty()));
        }
        Map<String, String> from = texts(now.documents());
        Map<String, String> to = texts(wanted.documents());
        from.keySet().removeIf(documents.negate());
        to.keySet().removeIf(documents.negate());
        edits.addAll(documents(from, to));
        return edits;
    }

    private static List<Edit> documents(Map<String, String> now, Map<String, String> wanted) {
        List<Edit> edits = new ArrayList<>();
        wanted.forEach((key, json) -> {
            if (!json.equals(now.get(key))) {
                edits.add(new Edit.PutDocument(key, json));
            }
        });
        now.keySet().stream()
                .filter(key -> !wanted.containsKey(key))
                .forEach(key -> edits.add(new Edit.DeleteDocument(key)));
        return edits;
    }

    private static Map<String, String> texts(ZoneState zone) {
        return texts(zone.documents());
    }

    private static Map<String, String> texts(Map<String, Document> documents) {
        Map<String, String> texts = new HashMap<>();
        documents.values().forEach(document -> document.json().ifPresent(json -> texts.put(document.key(), json)));
        return texts;
    }
}
