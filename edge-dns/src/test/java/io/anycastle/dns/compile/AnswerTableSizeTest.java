package io.anycastle.dns.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.ZoneText;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A million names must fit beside everything else. */
class AnswerTableSizeTest {
    private static final int NAMES = 100_000;

    /** Without compact object headers, which the launcher switches on, every object is four octets larger. */
    private static final int OCTETS_A_NAME_MAX = 240;

    private final CurrentView view = new CurrentView();
    private final AnswerTable table = AnswerTable.empty();

    @Test
    void a_name_costs_few_octets_of_heap() {
        ZoneState zone = zone();
        view.update(zone, zone.names().keySet());
        warmUp();
        long before = liveOctets();
        view.follow(new ZoneCompiler(table, AnswerConfig.DEFAULTS));
        long octets = liveOctets() - before;
        assertThat(octets / NAMES).isBetween(100L, (long) OCTETS_A_NAME_MAX);
    }

    /** What the first compilation allocates once is not the names'. */
    private static void warmUp() {
        CurrentView view = new CurrentView();
        ZoneState zone = ZoneText.active("example.org", "@ 300 A 192.0.2.1\nwww 300 CNAME @");
        view.update(zone, zone.names().keySet());
        view.follow(new ZoneCompiler(AnswerTable.empty(), AnswerConfig.DEFAULTS));
    }

    /** What is left when collections find no more: what tests before this left behind may go late. */
    private static long liveOctets() {
        long before;
        long now = Long.MAX_VALUE;
        do {
            before = now;
            System.gc();
            now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } while (before - now > NAMES);
        return now;
    }

    /** Of ten names eight have an address, one is an alias, one has a text. */
    private static ZoneState zone() {
        DomainName apex = DomainName.of("example.com");
        ZoneState state = ZoneState.empty(ZoneText.zone("example.com", ZoneStatus.ACTIVE, false, 1));
        var names = new TreeMap<DomainName, NameRecords>();
        for (int i = 0; i < NAMES; i++) {
            String host = "host-" + i;
            Record record = ZoneText.record(
                    apex,
                    switch (i % 10) {
                        case 8 -> host + " 300 CNAME target-" + i % 100 + ".elsewhere.test.";
                        case 9 -> host + " 300 TXT \"v=spf1 ip4:192.0.2." + i % 256 + " -all\"";
                        default -> host + " 300 A 10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255);
                    });
            names.put(record.name(), ZoneText.names(record.name(), List.of(record)));
        }
        for (NameRecords records : names.values()) {
            state = state.with(records);
        }
        return state;
    }
}
