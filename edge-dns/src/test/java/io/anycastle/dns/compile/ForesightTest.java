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
        Prefetch prefetch = zoneOf(SMALL);
        assertThat(prefetch.isWorthwhile()).isFalse();
        var larger = ZoneText.active("example.org", lines(LARGE));
        view.update(larger, larger.names().keySet());
        assertThat(prefetch.isWorthwhile()).isTrue();
    }

    @Test
    void the_records_of_a_name_are_touched() {
        Prefetch prefetch = zoneOf(SMALL);
        assertThat(seen(prefetch, "host7.example.com.")).isGreaterThan(seen(prefetch, "nothing.example.com."));
        assertThat(seen(prefetch, "alias.example.com.")).isGreaterThan(seen(prefetch, "nothing.example.com."));
        assertThat(seen(prefetch, "example.org.")).isZero();
    }

    @Test
    void octets_that_are_no_query_and_more_than_a_batch_are_passed_over() {
        Prefetch prefetch = zoneOf(SMALL);
        Random random = new Random(1);
        byte[] noise = new byte[512];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(noise);
            prefetch.begin();
            for (int query = 0; query < 2 * BATCH; query++) {
                prefetch.note(noise, 12, random.nextInt(noise.length));
            }
            prefetch.fetch();
        }
    }

    @Test
    void looking_ahead_costs_no_heap() {
        Prefetch prefetch = zoneOf(SMALL);
        byte[] query = Asking.query("host7.example.com.", "A").toWire();
        look(prefetch, query);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        look(prefetch, query);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static void look(Prefetch prefetch, byte[] query) {
        for (int batch = 0; batch < 20_000; batch++) {
            prefetch.begin();
            for (int i = 0; i < BATCH; i++) {
                prefetch.note(query, 12, query.length);
            }
            prefetch.fetch();
        }
    }

    private Prefetch zoneOf(int hosts) {
        view.follow(new ZoneCompiler(table, AnswerConfig.DEFAULTS));
        var zone = ZoneText.active("example.com", lines(hosts));
        view.update(zone, zone.names().keySet());
        return new Prefetch(table, BATCH);
    }

    private static String lines(int hosts) {
        List<String> lines = IntStream.range(0, hosts)
                .mapToObj(i -> "host" + i + " 300 A 192.0.2." + i % 256)
                .collect(Collectors.toList());
        lines.add("alias 300 CNAME host1");
        return String.join("\n", lines);
    }

    private static int seen(Prefetch prefetch, String name) {
        byte[] query = Asking.query(name, "A").toWire();
        int before = prefetch.seen();
        prefetch.begin();
        prefetch.note(query, 12, query.length);
        prefetch.fetch();
        return prefetch.seen() - before;
    }
}
