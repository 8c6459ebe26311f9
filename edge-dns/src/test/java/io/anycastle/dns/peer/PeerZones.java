package io.anycastle.dns.peer;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Soa;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.plan.ChangePlanner;
import io.anycastle.core.zonefile.ZoneFile;
import io.anycastle.core.zonefile.ZoneFileLimits;
import io.anycastle.core.zonefile.ZoneFileNote;
import io.anycastle.core.zonefile.ZoneFileReader;
import io.anycastle.core.zonefile.ZoneFileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The zones of the comparison: read as any user's zone file is, and written for the peers as any user's is exported. */
final class PeerZones {
    private static final int NAME_SERVER_TTL_SECONDS = 86_400;

    private final Map<String, ZoneState> states = new LinkedHashMap<>();

    /** The zones by hand, and those that the seed makes. */
    static PeerZones all(long seed) throws IOException {
        PeerZones zones = new PeerZones();
        for (String name : List.of("shapes.test", "child.shapes.test", "other.test", "sizes.test")) {
            String inside = name.equals("shapes.test") ? ".shapes.test" : ".platform.example";
            zones.add(name, resource(name + ".zone"), List.of("ns1" + inside, "ns2" + inside));
        }
        zones.add(
                "made",
                new RandomZone(seed, "made").text(),
                List.of("a.nic.example", "b.nic.example", "ns.example.net"));
        zones.add("x.y.made.test", new RandomZone(seed + 1, "x.y.made.test").text(), List.of("ns1.example.net"));
        return zones;
    }

    private static String resource(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(PeerZones.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void add(String name, String text, List<String> nameServers) throws IOException {
        Loaded loaded = load(name, text, nameServers);
        states.put(name, loaded.state().orElseThrow(() -> new AssertionError(name + ": " + loaded.refusals())));
    }

    /**
     * What became of a zone's file.
     *
     * @param state empty where it was refused
     * @param refusals why, by rule
     */
    record Loaded(Optional<ZoneState> state, List<String> refusals) {}

    /** Reads a zone's records as any user's file is read. */
    static Loaded load(String name, String text, List<String> nameServers) throws IOException {
        DomainName zone = DomainName.of(name);
        List<DomainName> servers = nameServers.stream().map(DomainName::of).toList();
        ZoneRules rules = new ZoneRules(Set.of(), servers, true, 30, 86_400);
        ZoneFile file = new ZoneFileReader(zone, rules, ZoneFileLimits.DEFAULTS).read(new StringReader(text), name);
        if (file.errorCount() > 0) {
            return new Loaded(
                    Optional.empty(),
                    file.errors().stream().map(ZoneFileNote::said).toList());
        }
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.CreateZone(ZoneType.FULL, servers));
        edits.addAll(file.edits());
        AtomicLong ids = new AtomicLong();
        var context = new ChangePlanner.Context(
                Instant.ofEpochSecond(1_700_000_000),
                new Stamp(1, 0, "n"),
                () -> String.format("%032x", ids.incrementAndGet()));
        return switch (new ChangePlanner(rules)
                .plan(Optional.empty(), ChangeSet.of(zone, edits.toArray(Edit[]::new)), context)) {
            case Plan.Planned planned -> new Loaded(planned.after(), List.of());
            case Plan.Refused refused ->
                new Loaded(
                        Optional.empty(),
                        refused.errors().stream().map(e -> e.error().sentence()).toList());
        };
    }

    /** A master file of a zone that has these records beside those that the edge makes itself, whether or not it takes them. */
    static String file(String name, String text, List<String> nameServers) throws IOException {
        Loaded empty = load(name, "", nameServers);
        StringBuilder out = new StringBuilder();
        new ZoneFileWriter(Soa.DEFAULTS, NAME_SERVER_TTL_SECONDS)
                .write(empty.state().orElseThrow(() -> new AssertionError(name + ": " + empty.refusals())), out);
        return out.append(text).toString();
    }

    Map<String, ZoneState> states() {
        return states;
    }

    /** A master file for each zone. */
    Map<String, Path> export(Path folder) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (var zone : states.entrySet()) {
            StringBuilder text = new StringBuilder();
            new ZoneFileWriter(Soa.DEFAULTS, NAME_SERVER_TTL_SECONDS).write(zone.getValue(), text);
            files.put(
                    zone.getKey(),
                    Files.writeString(folder.resolve(zone.getKey() + ".zone"), text, StandardCharsets.UTF_8));
        }
        return files;
    }
}
