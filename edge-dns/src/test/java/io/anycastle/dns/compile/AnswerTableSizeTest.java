package io.anycastle.dns.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.answer.QuerySource;
import io.anycastle.dns.answer.Responder;
import io.anycastle.dns.answer.ServiceParts;
import io.anycastle.dns.answer.Transport;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A million names must fit beside everything else. */
class AnswerTableSizeTest {
    private static final int NAMES = 100_000;

    /** Without compact object headers, which the launcher switches on, every object is four octets larger. */
    private static final int OCTETS_A_NAME_MAX = 215;

    private final CurrentView view = new CurrentView();
    private final AnswerTable table = AnswerTable.empty();

    /** Before anybody asked, answers that follow from the records alone are not there yet. */
    private static final int OCTETS_AN_UNASKED_NAME_MAX = 120;

    @Test
    void a_name_costs_few_octets_of_heap_and_fewer_before_it_was_asked_for() {
        ZoneState zone = zone();
        view.update(zone, zone.names().keySet());
        warmUp();
        long before = liveOctets();
        view.follow(new ZoneCompiler(table, AnswerConfig.DEFAULTS));
        assertThat((liveOctets() - before) / NAMES).isBetween(50L, (long) OCTETS_AN_UNASKED_NAME_MAX);
        askForAll(zone);
        assertThat((liveOctets() - before) / NAMES).isBetween(100L, (long) OCTETS_A_NAME_MAX);
    }

    private void askForAll(ZoneState zone) {
        Responder responder =
                new Responder(ServiceParts.of(DnsConfig.DEFAULTS, table, new DnsCounters()), new DnsCounters().lane());
        QuerySource source = new QuerySource(Transport.UDP);
        source.setIpv4(0x7f000001, 5353);
        byte[] out = new byte[DnsConfig.DEFAULTS.udp().payloadMax() + 64];
        for (DomainName name : zone.names().keySet()) {
            byte[] query = Asking.query(name + ".", "ANY").toWire();
            assertThat(responder.respond(query, query.length, source, out)).isGreaterThan(query.length);
        }
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
        long now = Long.MAX_VALUE;
        for (int calm = 0; calm < 3; ) {
            long before = now;
            System.gc();
            now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            calm = before - now > NAMES ? 0 : calm + 1;
        }
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
