package io.anycastle.dns.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.answer.Asking;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Looking ahead touches what a query wants, and nothing else happens. */
class ForesightTest {
    private static final int BATCH = 8;
    private static final int SMALL = 100;
    private static final int LARGE = 20_000;

    private final CurrentView view = new CurrentView();
    private final AnswerTable table = AnswerTable.empty();

    @Test
    void a_small_table_is_not_worth_it_and_a_large_one_is() {
        Foresight foresight = zoneOf(SMALL);
        assertThat(foresight.isWorthwhile()).isFalse();
        var larger = ZoneText.active("example.org", lines(LARGE));
        view.update(larger, larger.names().keySet());
        assertThat(foresight.isWorthwhile()).isTrue();
    }

    @Test
    void the_records_of_a_name_are_touched() {
        Foresight foresight = zoneOf(SMALL);
        assertThat(seen(foresight, "host7.example.com.")).isGreaterThan(seen(foresight, "nothing.example.com."));
        assertThat(seen(foresight, "alias.example.com.")).isGreaterThan(seen(foresight, "nothing.example.com."));
        assertThat(seen(foresight, "example.org.")).isZero();
    }

    @Test
    void octets_that_are_no_query_and_more_than_a_batch_are_passed_over() {
        Foresight foresight = zoneOf(SMALL);
        Random random = new Random(1);
        byte[] noise = new byte[512];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(noise);
            foresight.begin();
            for (int query = 0; query < 2 * BATCH; query++) {
                foresight.note(noise, 12, random.nextInt(noise.length));
            }
            foresight.fetch();
        }
    }

    @Test
    void looking_ahead_costs_no_heap() {
        Foresight foresight = zoneOf(SMALL);
        byte[] query = Asking.query("host7.example.com.", "A").toWire();
        look(foresight, query);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        look(foresight, query);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static void look(Foresight foresight, byte[] query) {
        for (int batch = 0; batch < 20_000; batch++) {
            foresight.begin();
            for (int i = 0; i < BATCH; i++) {
                foresight.note(query, 12, query.length);
            }
            foresight.fetch();
        }
    }

    private Foresight zoneOf(int hosts) {
        view.follow(new ZoneCompiler(table, AnswerConfig.DEFAULTS));
        var zone = ZoneText.active("example.com", lines(hosts));
        view.update(zone, zone.names().keySet());
        return new Foresight(table, BATCH);
    }

    private static String lines(int hosts) {
        List<String> lines = IntStream.range(0, hosts)
                .mapToObj(i -> "host" + i + " 300 A 192.0.2." + i % 256)
                .collect(Collectors.toList());
        lines.add("alias 300 CNAME host1");
        return String.join("\n", lines);
    }

    private static int seen(Foresight foresight, String name) {
        byte[] query = Asking.query(name, "A").toWire();
        int before = foresight.seen();
        foresight.begin();
        foresight.note(query, 12, query.length);
        foresight.fetch();
        return foresight.seen() - before;
    }
}
