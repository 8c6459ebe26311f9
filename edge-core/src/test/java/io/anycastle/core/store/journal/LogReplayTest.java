package io.anycastle.core.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.store.state.Conflict;
import io.anycastle.core.store.state.StoreImage;
import io.anycastle.core.store.state.ZoneDelta;
import io.anycastle.core.store.state.ZoneHead;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that is folded leads where its changes lead one by one. */
class LogReplayTest {
    private static final List<DomainName> ZONES = List.of(DomainName.of("example.com"), DomainName.of("example.org"));
    private static final int CHANGES = 120;

    /** Applies changes as the journal of a running node does: each on the state before, an aborted one not at all. */
    private static final class Run {
        final Random random;
        final List<String> conflicts = new ArrayList<>();
        StoreImage image = StoreImage.EMPTY;

        Run(Random random) {
            this.random = random;
        }

        ZoneDelta next(long version) {
            DomainName zone = ZONES.get(random.nextInt(ZONES.size()));
            Stamp stamp = stamp(version, random.nextInt(3));
            boolean isGone = random.nextInt(15) == 0;
            return new ZoneDelta(
                    zone,
                    Set.of(image.zone(zone).stamp()),
                    stamp,
                    isGone ? Optional.empty() : Optional.of(new ZoneHead(Journals.head(version), stamp)),
                    isGone ? List.of() : names(zone, version),
                    isGone ? List.of() : documents(stamp),
                    random.nextInt(5) == 0 ? Map.of("n7", stamp(version, 7)) : Map.of(),
                    losses(version, stamp));
        }

        private List<NameRecords> names(DomainName zone, long version) {
            List<NameRecords> names = new ArrayList<>();
            for (int label :
                    random.ints(random.nextInt(12), 0, 40).distinct().sorted().toArray()) {
                DomainName name = DomainName.of("n" + label + "." + zone);
                boolean isTombstone = random.nextInt(4) == 0;
                names.add(new NameRecords(
                        name,
                        Journals.stamp(version),
                        isTombstone
                                ? List.of()
                                : Journals.name("n" + label, version).records()));
            }
            names.sort(java.util.Comparator.comparing(NameRecords::name));
            return names;
        }

        private List<Document> documents(Stamp stamp) {
            return random.nextInt(3) > 0
                    ? List.of()
                    : List.of(new Document(
                            "k" + random.nextInt(3),
                            stamp,
                            random.nextBoolean() ? Optional.of("{}") : Optional.empty()));
        }

        private ZoneDelta.Losses losses(long version, Stamp stamp) {
            Set<String> settled = new HashSet<>();
            if (!conflicts.isEmpty() && random.nextInt(4) == 0) {
                settled.add(conflicts.get(random.nextInt(conflicts.size())));
            }
            List<Conflict> added = new ArrayList<>();
            if (random.nextInt(4) == 0) {
                String id = "%032x".formatted(version);
                conflicts.add(id);
                added.add(new Conflict(id, stamp, stamp, new Conflict.Deletion(stamp)));
            }
            return new ZoneDelta.Losses(added, settled);
        }
    }

    private static Stamp stamp(long version, int node) {
        return new Stamp(1_000 + version, 0, "n" + node);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whatever_the_changes_are(long seed) {
        Run run = new Run(new Random(seed));
        LogReplay fold = new LogReplay();
        for (long at = 1; at <= CHANGES; at++) {
            ZoneDelta delta = run.next(at);
            fold.take(at, delta);
            StoreImage before = run.image;
            run.image = run.image.with(delta);
            if (run.random.nextInt(6) == 0) {
                fold.take(at, delta); // carried into the next log
            }
            if (run.random.nextInt(6) == 0) {
                fold.abort(at);
                run.image = before;
            }
        }
        assertThat(fold.onto(StoreImage.EMPTY)).isEqualTo(run.image);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
    void and_whatever_the_snapshot_before_them_holds(long seed) {
        Run run = new Run(new Random(seed));
        for (long at = 1; at <= CHANGES; at++) {
            run.image = run.image.with(run.next(at));
        }
        StoreImage snapshot = run.image;
        LogReplay fold = new LogReplay();
        for (long at = CHANGES + 1; at <= 2 * CHANGES; at++) {
            ZoneDelta delta = run.next(at);
            fold.take(at, delta);
            run.image = run.image.with(delta);
        }
        assertThat(fold.onto(snapshot)).isEqualTo(run.image);
    }
}
