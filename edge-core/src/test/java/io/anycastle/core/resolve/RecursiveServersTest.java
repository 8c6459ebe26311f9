package io.anycastle.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.RecordType;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;

/** Questions to recursive servers on loopback, and what is not taken from them. */
class RecursiveServersTest {
    private static final int A = RecordType.A.code();

    /** Waits for as long as a test does. */
    private static final ResolveConfig PATIENT =
            ResolveConfig.DEFAULTS.withTimeout(Duration.ofSeconds(60)).withDeadline(Duration.ofSeconds(60));

    private final ResolveCounters counters = new ResolveCounters();
    private NameServer server;
    private NameServer other;

    @BeforeEach
    void start() throws Exception {
        server = new NameServer();
        other = new NameServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        other.close();
    }

    private RecursiveServers both() {
        return new RecursiveServers(
                ResolveConfig.DEFAULTS.withServers(List.of(server.address(), other.address())), counters);
    }

    private RecursiveServers one(ResolveConfig config) {
        return new RecursiveServers(config.withServers(List.of(server.address())), counters);
    }

    private static LookupResult ask(DnsClient dnsClient, String name, RecordType type) throws Exception {
        return dnsClient
                .ask(DomainName.of(name), type.code())
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    void aliases_are_followed_through_names_with_any_octets_in_their_labels() throws Exception {
        server.answers(
                "web.example.net",
                "A",
                "web.example.net 50 CNAME Office\\032Printer.a\\.b.example.net.",
                "office\\032printer.a\\.b.example.net 70 CNAME \\000\\255!$.example.net.",
                "\\000\\255!$.example.net 70 A 192.0.2.1");

        assertThat(ask(one(ResolveConfig.DEFAULTS), "web.example.net", RecordType.A))
                .isInstanceOfSatisfying(LookupResult.Records.class, records -> {
                    assertThat(records.rdatas()).extracting(Object::toString).containsExactly("c0000201");
                    assertThat(records.names())
                            .extracting(DomainName::toString)
                            .containsExactly(
                                    "web.example.net",
                                    "office\\032printer.a\\.b.example.net",
                                    "\\000\\255!\\$.example.net");
                });
    }

    @Test
    void records_are_found_through_aliases_with_the_lowest_ttl_on_the_way() throws Exception {
        server.answers(
                "web.example.net",
                "A",
                "web.example.net 50 CNAME Real.Example.net.",
                "real.example.net 70 A 192.0.2.1");

        LookupResult reply = ask(both(), "web.example.net", RecordType.A);

        assertThat(reply).isInstanceOfSatisfying(LookupResult.Records.class, records -> {
            assertThat(records.rdatas()).extracting(Object::toString).containsExactly("c0000201");
            assertThat(records.ttlSeconds()).isEqualTo(50);
            assertThat(records.names())
                    .containsExactly(DomainName.of("web.example.net"), DomainName.of("real.example.net"));
        });
    }

    /** RFC 2181 section 5: home routers repeat records. */
    @Test
    void a_record_that_a_server_repeats_is_told_once_with_the_lowest_ttl() throws Exception {
        server.answers(
                "www.example.net",
                "A",
                "www.example.net 300 A 192.0.2.1",
                "www.example.net 300 A 192.0.2.2",
                "www.example.net 60 A 192.0.2.1");
        assertThat(ask(both(), "www.example.net", RecordType.A))
                .isInstanceOfSatisfying(LookupResult.Records.class, records -> {
                    assertThat(records.rdatas()).hasSize(2);
                    assertThat(records.ttlSeconds()).isEqualTo(60);
                });
    }

    @Test
    void an_alias_that_the_server_did_not_follow_is_asked_about_next() throws Exception {
        server.answers("web.example.net", "A", "web.example.net 50 CNAME real.example.org.")
                .answers("real.example.org", "A", "real.example.org 20 A 192.0.2.7");

        assertThat(ask(both(), "web.example.net", RecordType.A))
                .isInstanceOfSatisfying(LookupResult.Records.class, records -> {
                    assertThat(records.ttlSeconds()).isEqualTo(20);
                    assertThat(records.names()).hasSize(2);
                });
    }

    @Test
    void other_types_are_told_uncompressed_and_in_lower_case() throws Exception {
        server.answers("example.net", "NS", "example.net 60 NS NS1.Example.net.")
                .answers("www.example.net", "CNAME", "www.example.net 60 CNAME edge.example.net.")
                .answers("example.net", "TXT", "example.net 60 TXT \"1-2\"");

        assertThat(rdata(ask(both(), "example.net", RecordType.NS))).isEqualTo("036e7331076578616d706c65036e657400");
        assertThat(rdata(ask(both(), "www.example.net", RecordType.CNAME)))
                .isEqualTo("0465646765076578616d706c65036e657400");
        assertThat(rdata(ask(both(), "example.net", RecordType.TXT))).isEqualTo("03312d32");
    }

    private static String rdata(LookupResult reply) {
        return ((LookupResult.Records) reply).rdatas().getFirst().toString();
    }

    @Test
    void no_name_and_no_data_are_told_apart_and_last_as_their_soa_says() throws Exception {
        server.answers("there.example.net", "A", "there.example.net 60 A 192.0.2.1");

        assertThat(ask(both(), "gone.example.net", RecordType.A)).isEqualTo(new LookupResult.NoName(20));
        assertThat(ask(both(), "there.example.net", RecordType.AAAA)).isEqualTo(new LookupResult.NoData(20));
    }

    @Test
    void a_server_that_fails_or_refers_elsewhere_gives_way_to_the_next() throws Exception {
        server.fails("web.example.net", Rcode.SERVFAIL).answers("www.example.net", "A", "!net 60 NS ns.net.");
        other.answers("web.example.net", "A", "web.example.net 60 A 192.0.2.2")
                .answers("www.example.net", "A", "www.example.net 60 A 192.0.2.3");

        assertThat(rdata(ask(both(), "web.example.net", RecordType.A))).isEqualTo("c0000202");
        assertThat(rdata(ask(both(), "www.example.net", RecordType.A))).isEqualTo("c0000203");
    }

    @Test
    void when_all_servers_fail_the_last_reason_is_told() throws Exception {
        server.fails("web.example.net", Rcode.SERVFAIL);
        other.fails("web.example.net", Rcode.REFUSED);

        assertThat(ask(both(), "web.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed(other + " answers REFUSED"));
        assertThat(counters.all()).containsEntry("resolver_failures", 1L);
    }

    @Test
    void a_silent_server_costs_its_timeout_and_no_more() throws Exception {
        server.silence();

        assertThat(ask(one(ResolveConfig.DEFAULTS.withTimeout(Duration.ofMillis(200))), "a.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed(server + " does not answer"));
    }

    @Test
    void a_server_that_has_stopped_is_told_in_plain_words() throws Exception {
        DnsClient dnsClient = one(PATIENT);
        String stopped = server.toString();
        InetSocketAddress address = server.address();
        server.close();
        awaitFree(address);

        assertThat(ask(dnsClient, "a.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed(stopped + " cannot be asked: nothing listens there"));
    }

    /** A closed socket takes packets until the thread that reads it has heard of it. */
    private static void awaitFree(InetSocketAddress address) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (DatagramSocket probe = new DatagramSocket(address)) {
                assertThat(probe.isBound()).isTrue();
                return;
            } catch (BindException e) {
                assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(end);
            }
        }
    }

    @Test
    void a_server_that_this_host_has_no_way_to_gives_way_to_the_next_and_takes_no_place_for_ever() throws Exception {
        server.answers("a.example.net", "A", "a.example.net 60 A 192.0.2.1")
                .answers("b.example.net", "A", "b.example.net 60 A 192.0.2.2");
        String port = String.valueOf(server.address().getPort());

        assertThat(HostWithoutIpv6.tells("2001:db8::53", port, "a.example.net", "b.example.net"))
                .hasSize(2)
                .allMatch(reply -> reply.startsWith("Records["));
        assertThat(HostWithoutIpv6.tells("2001:db8::53", "0", "a.example.net", "a.example.net"))
                .hasSize(2)
                .allMatch(reply -> reply.startsWith("Failed[why=[2001:db8:0:0:0:0:0:53]:53 cannot be asked: ")
                        && !reply.contains("null"));
    }

    @Test
    void an_answer_too_long_for_udp_is_fetched_over_tcp() throws Exception {
        server.answers("many.example.net", "A", addresses(200));

        assertThat(ask(both(), "many.example.net", RecordType.A))
                .isInstanceOfSatisfying(
                        LookupResult.Records.class,
                        records -> assertThat(records.rdatas()).hasSize(200));
    }

    @Test
    void an_answer_with_too_many_records_or_too_many_bytes_counts_as_none() throws Exception {
        server.answers("many.example.net", "A", addresses(257))
                .answers(
                        "long.example.net",
                        "TXT",
                        IntStream.range(0, 80)
                                .mapToObj(i -> "long.example.net 60 TXT \"" + "x".repeat(240) + i + "\"")
                                .toArray(String[]::new));
        RecursiveServers servers = one(ResolveConfig.DEFAULTS);

        assertThat(ask(servers, "many.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed(server + " answers with more than 256 records"));
        assertThat(ask(servers, "long.example.net", RecordType.TXT))
                .isEqualTo(new LookupResult.Failed(server + " answers with more than 16384 bytes"));
        assertThat(counters.all()).containsEntry("resolver_oversized_answers", 2L);
    }

    private static String[] addresses(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "many.example.net 60 A 198.51." + i / 256 + "." + i % 256)
                .toArray(String[]::new);
    }

    @Test
    void aliases_that_go_round_or_on_for_too_long_are_given_up() throws Exception {
        server.answers(
                "a.example.net", "A", "a.example.net 60 CNAME b.example.net.", "b.example.net 60 CNAME a.example.net.");
        List<String> chain = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            chain.add("n" + i + ".example.net 60 CNAME n" + (i + 1) + ".example.net.");
        }
        server.answers("n0.example.net", "A", chain.toArray(String[]::new));
        for (int i = 0; i < 20; i++) {
            server.answers(
                    "m" + i + ".example.net", "A", "m" + i + ".example.net 60 CNAME m" + (i + 1) + ".example.net.");
        }

        assertThat(ask(both(), "a.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed("b.example.net is an alias that leads nowhere"));
        assertThat(ask(both(), "n0.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed("n0.example.net leads over more than 8 aliases"));
        assertThat(ask(both(), "m0.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed("m0.example.net leads over more than 8 aliases"));
    }

    @Test
    void records_of_other_names_in_an_answer_are_ignored() throws Exception {
        server.answers("a.example.net", "A", "bank.example.org 60 A 192.0.2.66", "!net 60 SOA n. m. 1 2 3 4 5");

        assertThat(ask(both(), "a.example.net", RecordType.A)).isEqualTo(new LookupResult.NoData(5));
    }

    @Test
    void questions_over_the_limit_fail_at_once_and_leave_room_when_the_others_have_ended() throws Exception {
        server.silence();
        RecursiveServers servers = one(PATIENT.withQuestionsMax(2));
        CompletableFuture<LookupResult> first =
                servers.ask(DomainName.of("a.example.net"), A).toCompletableFuture();
        CompletableFuture<LookupResult> second =
                servers.ask(DomainName.of("b.example.net"), A).toCompletableFuture();

        assertThat(ask(servers, "c.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed("more than 2 questions are open"));
        assertThat(counters.all()).containsEntry("resolver_over_limit", 1L);
        server.answers("c.example.net", "A", "c.example.net 60 A 192.0.2.1").speak();
        CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);
        assertThat(ask(servers, "c.example.net", RecordType.A)).isInstanceOf(LookupResult.Records.class);
    }

    @Test
    void who_asks_what_is_being_asked_shares_the_answer() throws Exception {
        server.silence();
        RecursiveServers servers = one(PATIENT);
        CompletableFuture<LookupResult> first =
                servers.ask(DomainName.of("a.example.net"), A).toCompletableFuture();
        CompletableFuture<LookupResult> second =
                servers.ask(DomainName.of("a.example.net"), A).toCompletableFuture();

        server.answers("b.example.net", "A", "b.example.net 60 A 192.0.2.1").speak();
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(first.get(30, TimeUnit.SECONDS));
        ask(servers, "b.example.net", RecordType.A); // later than whatever was asked before
        assertThat(server.questions()).isEqualTo(2);
    }

    @Test
    void the_deadline_holds_for_who_joins_a_question_under_way() throws Exception {
        server.silence();
        RecursiveServers servers = one(ResolveConfig.DEFAULTS.withDeadline(Duration.ofMillis(200)));
        CompletableFuture<LookupResult> first =
                servers.ask(DomainName.of("a.example.net"), A).toCompletableFuture();
        CompletableFuture<LookupResult> second =
                servers.ask(DomainName.of("a.example.net"), A).toCompletableFuture();

        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(new LookupResult.Failed("no answer within 200 ms"));
        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(second.get());
        assertThat(server.questions()).isLessThanOrEqualTo(1);
    }

    @Test
    void nothing_is_sent_after_the_deadline_and_the_question_leaves_its_place() throws Exception {
        server.silence();
        ResolveConfig config = ResolveConfig.DEFAULTS
                .withServers(Collections.nCopies(100, server.address()))
                .withTimeout(Duration.ofMillis(100))
                .withDeadline(Duration.ofMillis(250))
                .withQuestionsMax(1);
        RecursiveServers servers = new RecursiveServers(config, counters);

        assertThat(ask(servers, "a.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed("no answer within 250 ms"));
        assertThat(askedUntilThereIsRoom(servers)).isLessThanOrEqualTo(3);
    }

    @Test
    void aliases_from_server_to_server_have_one_deadline_together() throws Exception {
        for (int i = 0; i < 8; i++) {
            other.answers(
                    "m" + i + ".example.net", "A", "m" + i + ".example.net 60 CNAME m" + (i + 1) + ".example.net.");
        }
        server.silence();
        ResolveConfig config = ResolveConfig.DEFAULTS
                .withServers(List.of(server.address(), other.address()))
                .withTimeout(Duration.ofMillis(200))
                .withDeadline(Duration.ofMillis(300))
                .withQuestionsMax(1);
        RecursiveServers servers = new RecursiveServers(config, counters);

        assertThat(ask(servers, "m0.example.net", RecordType.A))
                .isEqualTo(new LookupResult.Failed("no answer within 300 ms"));
        assertThat(askedUntilThereIsRoom(servers)).isLessThanOrEqualTo(2);
    }

    /** How many questions the silent server had seen when there was a place for one more. */
    private int askedUntilThereIsRoom(RecursiveServers servers) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            int asked = server.questions();
            LookupResult reply = ask(servers, "room.example.net", RecordType.A);
            if (!reply.equals(new LookupResult.Failed("more than 1 questions are open"))) {
                return asked;
            }
            assertThat(System.nanoTime()).as("time is up").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
