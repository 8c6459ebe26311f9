package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.view.CurrentView;
import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.DnsCounters;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.compile.AnswerTable;
import io.anycastle.dns.compile.ZoneCompiler;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Promise 5: a change set is atomic to readers. One thread changes a batch of names, others ask. */
class ReadersDuringChangesTest {
    private static final DomainName ZONE = DomainName.of("example.com");

    private final AnswerTable table = AnswerTable.empty();
    private final CurrentView view = new CurrentView();
    private final DnsCounters counters = new DnsCounters();
    private final AtomicBoolean done = new AtomicBoolean();

    @Test
    void a_reader_sees_a_batch_whole_and_time_never_runs_back() throws Exception {
        run(2_000);
    }

    @Tag("long")
    @Test
    void a_reader_sees_batches_whole_for_minutes() throws Exception {
        run(2_000_000);
    }

    private void run(int changes) throws Exception {
        view.follow(new ZoneCompiler(table, Asking.CONFIG));
        ZoneState state = next(ZoneState.empty(ZoneText.zone("example.com", ZoneStatus.ACTIVE, false, 0)), 0);
        view.update(state, state.names().keySet());
        try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
            Callable<Long> reader = this::read;
            List<Future<Long>> reading = List.of(readers.submit(reader), readers.submit(reader));
            for (int change = 1; change <= changes && reading.stream().noneMatch(Future::isDone); change++) {
                state = next(state, change);
                view.update(state, changed(change));
            }
            done.set(true);
            for (Future<Long> result : reading) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    /** Three names in one change set: an alias, the target it leads to, new each time, and a name of its own. */
    private static ZoneState next(ZoneState state, int change) {
        String target = "t" + change % 50 + ".deep" + change % 7;
        return put(
                put(
                        put(remove(state, change - 1), target, target + " 60 A " + address(change)),
                        "alias",
                        "alias 60 CNAME " + target),
                "plain",
                "plain 60 A " + address(change));
    }

    private static ZoneState remove(ZoneState state, int change) {
        DomainName gone = name("t" + change % 50 + ".deep" + change % 7);
        return state.with(ZoneText.names(gone, List.of()));
    }

    private static ZoneState put(ZoneState state, String name, String line) {
        return state.with(ZoneText.names(name(name), List.of(ZoneText.record(ZONE, line))));
    }

    private static Set<DomainName> changed(int change) {
        Set<DomainName> names = new HashSet<>();
        for (int i = change - 1; i <= change; i++) {
            names.add(name("t" + i % 50 + ".deep" + i % 7));
        }
        names.add(name("alias"));
        names.add(name("plain"));
        return names;
    }

    private static DomainName name(String relative) {
        return DomainName.of(relative + ".example.com");
    }

    private static String address(int change) {
        return "10." + (change >>> 16) + "." + (change >>> 8 & 255) + "." + (change & 255);
    }

    private long read() throws IOException {
        Responder responder = new Responder(
                ServiceParts.of(DnsConfig.DEFAULTS.withAnswers(Asking.CONFIG), table, counters), counters.lane());
        byte[] alias = Asking.query("alias.example.com.", "A").toWire();
        byte[] plain = Asking.query("plain.example.com.", "A").toWire();
        long rounds = 0;
        int latest = 0;
        while (!done.get() || rounds == 0) {
            int byAlias = ask(responder, alias, 2);
            int byName = ask(responder, plain, 1);
            assertThat(byAlias).isGreaterThanOrEqualTo(latest);
            assertThat(byName).isGreaterThanOrEqualTo(byAlias);
            latest = byName;
            rounds++;
        }
        return rounds;
    }

    /** Which change the answer is from; half of one would be a dangling alias. */
    private static int ask(Responder responder, byte[] query, int records) throws IOException {
        byte[] out = new byte[1300];
        int length = responder.respond(query, query.length, Asking.from(Transport.UDP), out);
        Message answer = new Message(Arrays.copyOf(out, length));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER)).hasSize(records);
        byte[] address = ((ARecord) answer.getSection(Section.ANSWER).getLast())
                .getAddress()
                .getAddress();
        return (address[1] & 255) << 16 | (address[2] & 255) << 8 | (address[3] & 255);
    }
}
