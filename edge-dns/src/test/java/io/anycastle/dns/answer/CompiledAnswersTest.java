package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.dns.ZoneText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random zones, changed again and again: the compiled answers are those of the plain algorithm. */
class CompiledAnswersTest {
    private static final List<String> APEXES = List.of("z.test", "a.z.test", "b.a.z.test", "other.test");
    private static final List<String> LABELS = List.of("a", "b", "c", "*");
    private static final List<RecordType> ASKED = List.of(
            RecordType.A,
            RecordType.AAAA,
            RecordType.TXT,
            RecordType.CNAME,
            RecordType.NS,
            RecordType.DS,
            RecordType.MX);
    private static final int CHANGES = 60;
    private static final int QUERIES_EACH = 60;

    private Random random = new Random(0);
    private int serial = 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void random_zones_answer_as_the_plain_algorithm_does(long seed) {
        compare(seed, CHANGES);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(longs = {1001, 1002, 1003})
    void random_zones_answer_alike_after_thousands_of_changes(long seed) {
        compare(seed, 20_000);
    }

    private void compare(long seed, int changes) {
        random = new Random(seed);
        Asking edge = new Asking();
        for (int change = 0; change < changes; change++) {
            change(edge);
            for (int query = 0; query < QUERIES_EACH; query++) {
                DomainName name = name(pick(APEXES));
                RecordType type = pick(ASKED);
                assertThat(told(edge, name, type))
                        .as("seed %d, change %d: %s %s", seed, change, name, type)
                        .isEqualTo(SlowAnswers.told(edge.view.get(), Asking.CONFIG, name, type));
            }
        }
    }

    private static String told(Asking edge, DomainName name, RecordType type) {
        return edge.told(name + ".", type.name());
    }

    private void change(Asking edge) {
        DomainName apex = DomainName.of(pick(APEXES));
        ZoneState before = edge.view.get().zone(apex).orElse(null);
        if (before != null && random.nextInt(12) == 0) {
            edge.view.remove(apex);
            return;
        }
        ZoneStatus status = random.nextInt(5) == 0 ? ZoneStatus.PENDING : ZoneStatus.ACTIVE;
        var zone = ZoneText.zone(apex.toString(), status, random.nextInt(6) == 0, serial++);
        ZoneState state = before == null ? ZoneState.empty(zone) : before.withZone(zone);
        Set<DomainName> names = new HashSet<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            DomainName name = name(apex.toString());
            names.add(name);
            List<Record> records = random.nextInt(3) == 0 ? List.of() : records(apex, name);
            state = state.with(ZoneText.names(name, records));
        }
        edge.view.update(state, names);
    }

    private DomainName name(String apex) {
        StringBuilder name = new StringBuilder(apex);
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            name.insert(0, pick(LABELS) + ".");
        }
        return DomainName.of(name.toString());
    }

    private List<Record> records(DomainName apex, DomainName name) {
        List<String> lines = new ArrayList<>();
        int kind = random.nextInt(10);
        if (kind == 0 && !name.equals(apex)) {
            lines.add("@ 300 CNAME " + name(pick(APEXES)) + ".");
        } else if (kind == 1 && !name.equals(apex)) {
            lines.add("proxied @ 1 CNAME " + name(pick(APEXES)) + ".");
        } else if (kind == 2 && !name.equals(apex)) {
            lines.add("@ 300 NS " + name(apex.toString()) + ".");
            lines.add("@ 300 NS ns.elsewhere.test.");
        } else {
            lines.add(pick(List.of("", "", "proxied ", "proxied4 ")) + "@ 300 A 192.0.2." + random.nextInt(255));
            lines.add("@ 300 A 192.0.3." + random.nextInt(255));
            if (random.nextBoolean()) {
                lines.add("@ 300 MX 10 " + name(apex.toString()) + ".");
            }
        }
        return lines.stream().map(line -> ZoneText.record(name, line)).toList();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
