package io.anycastle.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.proxy.Await;
import io.anycastle.proxy.Edge;
import io.anycastle.proxy.RawClient;
import io.anycastle.proxy.RawOrigin;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log of requests followed live: nobody waits for a reader, and each gets what it wants as far as it can take it. */
class LogTailTest {
    private static final TailFilter ALL = TailFilter.of(DomainName.of("example.com"));
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NOW = Duration.ZERO;

    private RawOrigin origin;

    @BeforeEach
    void start() throws Exception {
        origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }

    @AfterEach
    void stop() throws Exception {
        origin.close();
    }

    private Edge edge(TailConfig tail) throws Exception {
        AccessLogConfig off = new AccessLogConfig(
                false,
                LogTarget.OUTPUT,
                Path.of("access.log"),
                1 << 20,
                1,
                Optional.empty(),
                1 << 20,
                Duration.ofMillis(10),
                tail);
        return Edge.edge()
                .site(
                        "example.com",
                        "+a.example.com A 192.0.2.1",
                        "+down.example.com A 192.0.2.2",
                        "b.example.com A 192.0.2.1")
                .site("example.org", "+a.example.org A 192.0.2.1")
                .origin("192.0.2.1", origin.port())
                .origin("192.0.2.2", 1)
                .accessLog(off)
                .start();
    }

    private static JsonObject next(TailReader reader) {
        return new JsonObject(new String(reader.next(SOON).orElseThrow(), StandardCharsets.US_ASCII));
    }

    /** Takes lines until it is known what became of so many requests. */
    private static long drained(TailReader reader, int requests) {
        AtomicLong lines = new AtomicLong();
        Await.until(() -> {
            while (reader.next(NOW).isPresent()) {
                lines.incrementAndGet();
            }
            return lines.get() + reader.omitted() + reader.dropped() == requests;
        });
        return lines.get();
    }

    private static TailReader follow(Edge edge, TailFilter filter) {
        return edge.service().tail().open(filter).orElseThrow();
    }

    @Test
    void a_reader_gets_the_lines_of_its_zone_although_the_log_is_off() throws Exception {
        try (Edge edge = edge(TailConfig.DEFAULTS);
                RawClient client = edge.client();
                TailReader reader = follow(edge, ALL)) {
            client.get("a.example.org", "/other");
            String ray = client.get("a.example.com", "/x?y=1").header("CF-Ray");
            JsonObject line = next(reader);
            assertThat(line.getString("ray")).isEqualTo(ray);
            assertThat(line.getString("path")).isEqualTo("/x?y=1");
            assertThat(line.getString("host")).isEqualTo("a.example.com");
            assertThat(line.getInteger("status")).isEqualTo(200);
            assertThat(line.getString("origin")).isEqualTo("127.0.0.1:" + origin.port());
            assertThat(reader.next(NOW)).isEmpty();
        }
    }

    @Test
    void errors_of_a_zones_hosts_are_told_too_also_where_it_does_not_proxy_them() throws Exception {
        try (Edge edge = edge(TailConfig.DEFAULTS);
                RawClient client = edge.client();
                TailReader reader = follow(edge, ALL)) {
            List<Integer> told = new ArrayList<>();
            for (String host : List.of("down.example.com", "b.example.com", "none.example.com")) {
                client.get(host, "/");
                told.add(next(reader).getInteger("error"));
            }
            assertThat(told).containsExactly(521, 1004, 1001);
        }
    }

    @Test
    void readers_choose_by_status_and_path_and_each_gets_its_own() throws Exception {
        try (Edge edge = edge(TailConfig.DEFAULTS);
                RawClient client = edge.client();
                TailReader failures = follow(edge, ALL.withStatus(500, 599));
                TailReader calls = follow(edge, ALL.withPath("/api"))) {
            client.get("a.example.com", "/api/1");
            client.get("a.example.com", "/ap");
            client.get("down.example.com", "/x");
            client.get("down.example.com", "/api/2");
            assertThat(next(failures).getString("path")).isEqualTo("/x");
            assertThat(next(failures).getString("path")).isEqualTo("/api/2");
            assertThat(next(calls).getString("path")).isEqualTo("/api/1");
            assertThat(next(calls).getString("path")).isEqualTo("/api/2");
            assertThat(failures.next(NOW)).isEmpty();
            assertThat(calls.next(NOW)).isEmpty();
        }
    }

    @Test
    void requests_beyond_the_rate_are_left_out_and_counted() throws Exception {
        int requests = 200;
        try (Edge edge = edge(new TailConfig(8, 1, 1 << 20));
                RawClient client = edge.client();
                TailReader reader = follow(edge, ALL)) {
            for (int i = 0; i < requests; i++) {
                client.get("a.example.com", "/" + i);
            }
            long lines = drained(reader, requests);
            assertThat(lines).isPositive();
            assertThat(reader.omitted()).isGreaterThan(requests / 2);
            assertThat(edge.counters().all())
                    .containsEntry("tail_lines", lines)
                    .containsEntry("tail_omitted", reader.omitted());
        }
    }

    @Test
    void a_reader_that_takes_nothing_loses_lines_and_slows_nobody() throws Exception {
        String target = "/" + "a".repeat(4000);
        int requests = 40;
        try (Edge edge = edge(new TailConfig(8, 100_000, 64 << 10));
                RawClient client = edge.client();
                TailReader reader = follow(edge, ALL)) {
            for (int i = 0; i < requests; i++) {
                client.get("a.example.com", target);
            }
            long lines = drained(reader, requests);
            assertThat(lines).isBetween(5L, 20L);
            assertThat(edge.counters().all()).containsEntry("tail_dropped", reader.dropped());
            client.get("a.example.com", "/again");
            assertThat(next(reader).getString("path")).isEqualTo("/again");
        }
    }

    @Test
    void only_so_many_follow_and_who_leaves_makes_room() throws Exception {
        try (Edge edge = edge(new TailConfig(1, 100, 64 << 10));
                RawClient client = edge.client()) {
            LogTail tail = edge.service().tail();
            TailReader reader = follow(edge, ALL);
            assertThat(tail.open(ALL)).isEmpty();
            reader.close();
            reader.close();
            assertThat(tail.hasRoom()).isTrue();
            client.get("a.example.com", "/");
            try (TailReader other = follow(edge, ALL.withPath("/seen"))) {
                client.get("a.example.com", "/seen");
                assertThat(next(other).getString("path")).isEqualTo("/seen");
            }
        }
    }

    @Test
    void a_proxy_that_ends_ends_what_its_readers_get() throws Exception {
        try (Edge edge = edge(TailConfig.DEFAULTS)) {
            TailReader reader = follow(edge, ALL);
            edge.service().close(Duration.ofSeconds(1));
            assertThat(reader.next(SOON).orElseThrow()).isEmpty();
            assertThat(reader.isClosed()).isTrue();
            assertThat(edge.service().tail().open(ALL)).isEmpty();
            Await.until(() -> edge.counters().connectionsOpen() == 0);
        }
    }

    private static TailAnswer ask(TailAnswers answers, boolean isLast) {
        return new TailAnswer(answers.answer(new TailQuestion("one", ALL, isLast).bytes()));
    }

    @Test
    void another_node_gets_at_each_question_what_has_come_and_ends_it_with_the_last() throws Exception {
        try (Edge edge = edge(new TailConfig(1, 500, 1 << 20));
                RawClient client = edge.client()) {
            LogTail tail = edge.service().tail();
            TailAnswers answers = new TailAnswers(tail);
            assertThat(ask(answers, false).lines()).isEmpty();
            assertThat(tail.hasRoom()).isFalse();
            client.get("a.example.org", "/other");
            client.get("a.example.com", "/seen");
            StringBuilder lines = new StringBuilder();
            Await.until(() -> lines.append(new String(ask(answers, false).lines(), StandardCharsets.US_ASCII))
                    .toString()
                    .endsWith("\n"));
            assertThat(lines.toString().lines())
                    .singleElement()
                    .satisfies(line ->
                            assertThat(new JsonObject(line).getString("path")).isEqualTo("/seen"));
            assertThat(ask(answers, true).isGiven()).isFalse();
            assertThat(tail.hasRoom()).isTrue();
        }
    }

    @Test
    void another_node_is_told_what_was_left_out_and_that_there_is_no_room() throws Exception {
        try (Edge edge = edge(new TailConfig(1, 1, 1 << 20));
                RawClient client = edge.client()) {
            TailAnswers answers = new TailAnswers(edge.service().tail());
            assertThat(ask(answers, false).isGiven()).isTrue();
            for (int i = 0; i < 20; i++) {
                client.get("a.example.com", "/x");
            }
            Await.until(() -> ask(answers, false).omitted() >= 10);
            assertThat(ask(answers, false).dropped()).isZero();
            byte[] two = new TailQuestion("two", ALL, false).bytes();
            assertThat(new TailAnswer(answers.answer(two)).isGiven()).isFalse();
        }
    }

    @Test
    void what_another_node_asks_for_no_more_ends_with_the_next_request() throws Exception {
        try (Edge edge = edge(new TailConfig(1, 500, 1 << 20));
                RawClient client = edge.client()) {
            LogTail tail = edge.service().tail();
            assertThat(ask(new TailAnswers(tail, Duration.ofMillis(50)), false).isGiven())
                    .isTrue();
            assertThat(tail.readers()).hasSize(1);
            Await.until(() -> {
                try {
                    client.get("a.example.com", "/x");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                return tail.readers().isEmpty();
            });
        }
    }
}
