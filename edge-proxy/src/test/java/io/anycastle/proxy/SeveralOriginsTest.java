package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.origin.EjectionConfig;
import io.anycastle.proxy.origin.OriginStatus;
import io.anycastle.proxy.origin.RetryConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name with several origins: which is asked, when one is left out, and when a request goes to another. */
class SeveralOriginsTest {
    private static final String HOST = "a.example.com";
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    /** Out for as long as a test lasts. */
    private static final EjectionConfig OUT_FOR_LONG = new EjectionConfig(3, 3, LONG, LONG, 0, 80, Duration.ZERO, 100);

    private static final EjectionConfig OUT_FOR_SHORT =
            new EjectionConfig(3, 3, SHORT, SHORT, 0, 80, Duration.ofMillis(1), 100);
    private static final EjectionConfig NEVER_OUT = new EjectionConfig(0, 0, LONG, LONG, 0, 80, Duration.ZERO, 100);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T each) {
        opened.add(each);
        return each;
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body);
    }

    /** One that answers with its name, and keeps the heads. */
    private RawOrigin named(String name) throws IOException {
        return opened(new RawOrigin(connection -> {
            while (true) {
                heads.add(name + " " + connection.readHead());
                connection.send(answer(200, name));
            }
        }));
    }

    /** One that reads the head of each request, and resets the connection. */
    private RawOrigin resetting() throws IOException {
        return opened(new RawOrigin(connection -> {
            heads.add("reset " + connection.readHead());
            connection.socket().setSoLinger(true, 0);
        }));
    }

    private int dead() throws IOException {
        return opened(new DeadPort()).port();
    }

    /** Of a name whose origins are at those ports. */
    private Edge edge(String zone, int... ports) throws Exception {
        String[] lines = new String[ports.length + 1];
        Edge edge = opened(Edge.edge());
        for (int i = 0; i < ports.length; i++) {
            lines[i] = "+" + HOST + " A 192.0.2." + (i + 1);
            edge.origin("192.0.2." + (i + 1), ports[i]);
        }
        lines[ports.length] = zone.replace('\'', '"');
        return edge.site("example.com", lines);
    }

    private static String get(RawClient client, String... fields) throws IOException {
        RawClient.Answer answer = client.get(HOST, "/", fields);
        return answer.status() == 200 ? answer.text() : Integer.toString(answer.status());
    }

    private static Map<String, Integer> answers(Edge edge, int requests, String... fields) throws IOException {
        Map<String, Integer> answers = new TreeMap<>();
        try (var client = edge.client()) {
            for (int i = 0; i < requests; i++) {
                answers.merge(get(client, fields), 1, Integer::sum);
            }
        }
        return answers;
    }

    private static long count(Edge edge, Event event) {
        return edge.counters().of(event);
    }

    @Test
    void an_origin_that_refuses_is_left_out_after_some_failures_and_visitors_notice_nothing() throws Exception {
        Edge edge =
                edge("{}", dead(), named("two").port()).ejection(OUT_FOR_LONG).start();
        assertThat(answers(edge, 40)).isEqualTo(Map.of("two", 40));
        assertThat(count(edge, Event.ORIGIN_CONNECT_FAILURES)).isEqualTo(3);
        assertThat(count(edge, Event.ORIGIN_FAILOVERS)).isEqualTo(3);
        assertThat(count(edge, Event.ORIGIN_EJECTIONS)).isEqualTo(1);
        assertThat(edge.service().origins()).extracting(OriginStatus::stateText).containsExactly("out", "in");
        assertThat(edge.service().origins().getFirst().reason()).isEqualTo("521 Web server is down");
    }

    @Test
    void what_one_thread_has_found_out_holds_for_all() throws Exception {
        Edge edge = edge("{}", dead(), named("two").port())
                .ejection(OUT_FOR_LONG)
                .threads(2)
                .start();
        for (int i = 0; i < 20; i++) {
            assertThat(answers(edge, 2)).isEqualTo(Map.of("two", 2));
        }
        assertThat(count(edge, Event.ORIGIN_CONNECT_FAILURES)).isEqualTo(3);
    }

    @Test
    void an_origin_that_works_again_comes_back() throws Exception {
        AtomicBoolean isIll = new AtomicBoolean(true);
        RawOrigin one = opened(new RawOrigin(connection -> {
            while (true) {
                connection.readHead();
                if (isIll.get()) {
                    return;
                }
                connection.send(answer(200, "one"));
            }
        }));
        Edge edge = edge("{}", one.port(), named("two").port())
                .ejection(OUT_FOR_SHORT)
                .start();
        Await.until(() -> {
            try {
                assertThat(answers(edge, 4)).isEqualTo(Map.of("two", 4));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return count(edge, Event.ORIGIN_RETURNS) >= 2;
        });
        assertThat(count(edge, Event.ORIGIN_EJECTIONS)).isGreaterThanOrEqualTo(2);
        isIll.set(false);
        Await.until(() -> {
            try {
                return answers(edge, 4).equals(Map.of("one", 2, "two", 2));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"503, true", "522, true", "500, false"})
    void answers_of_a_gateway_that_failed_go_through_and_take_the_origin_out(int status, boolean isOut)
            throws Exception {
        RawOrigin one = opened(RawOrigin.answering(answer(status, "no")));
        Edge edge = edge("{}", one.port(), named("two").port())
                .ejection(OUT_FOR_LONG)
                .start();
        assertThat(answers(edge, 20))
                .isEqualTo(
                        isOut
                                ? Map.of(Integer.toString(status), 3, "two", 17)
                                : Map.of(Integer.toString(status), 10, "two", 10));
    }

    @Test
    void the_only_origin_of_a_name_is_never_left_out() throws Exception {
        Edge edge = edge("{}", dead()).ejection(OUT_FOR_LONG).start();
        assertThat(answers(edge, 10)).isEqualTo(Map.of("521", 10));
        assertThat(edge.service().origins()).isEmpty();
    }

    @Test
    void the_last_origin_that_is_left_stays() throws Exception {
        Edge edge = edge("{}", dead(), dead()).ejection(OUT_FOR_LONG).start();
        assertThat(answers(edge, 10)).isEqualTo(Map.of("521", 10));
        assertThat(count(edge, Event.ORIGIN_EJECTIONS)).isEqualTo(1);
    }

    @Test
    void a_fallback_stands_in_when_all_others_are_out() throws Exception {
        RawOrigin spare = named("spare");
        Edge edge = edge("{'origin_fallback':{'origin':'192.0.2.9'}}", dead(), dead())
                .origin("192.0.2.9", spare.port())
                .ejection(OUT_FOR_LONG)
                .start();
        assertThat(answers(edge, 20)).isEqualTo(Map.of("spare", 20));
        assertThat(count(edge, Event.ORIGIN_EJECTIONS)).isEqualTo(2);
        assertThat(count(edge, Event.ORIGIN_FALLBACKS)).isEqualTo(20);
        assertThat(count(edge, Event.ORIGIN_CONNECT_FAILURES)).isEqualTo(6);
    }

    @Test
    void a_fallback_may_be_a_name_with_a_port_and_stands_in_for_a_name_that_leads_nowhere() throws Exception {
        RawOrigin spare = named("spare");
        Edge edge = opened(Edge.edge())
                .site(
                        "example.com",
                        "{\"origin_fallback\":{\"origin\":\"spare.example.net\",\"port\":" + spare.port() + "}}",
                        "+" + HOST + " CNAME gone.example.net")
                .foreign("spare.example.net", "192.0.2.9")
                .here("192.0.2.9")
                .start();
        assertThat(answers(edge, 3)).isEqualTo(Map.of("spare", 3));
    }

    @Test
    void weights_share_out_the_requests() throws Exception {
        Edge edge = opened(Edge.edge())
                .site(
                        "example.com",
                        "+" + HOST + " A 192.0.2.1 {\"origin_weight\":3}",
                        "+" + HOST + " A 192.0.2.2",
                        "+" + HOST + " A 192.0.2.3 {\"origin_weight\":0}")
                .origin("192.0.2.1", named("one").port())
                .origin("192.0.2.2", named("two").port())
                .origin("192.0.2.3", named("three").port())
                .start();
        assertThat(answers(edge, 40)).isEqualTo(Map.of("one", 30, "two", 10));
    }

    @Test
    void the_addresses_behind_a_cname_take_turns_too() throws Exception {
        Edge edge = opened(Edge.edge())
                .site("example.com", "+" + HOST + " CNAME app.example.net")
                .foreign("app.example.net", "192.0.2.1", "192.0.2.2")
                .origin("192.0.2.1", named("one").port())
                .origin("192.0.2.2", named("two").port())
                .start();
        assertThat(answers(edge, 10)).isEqualTo(Map.of("one", 5, "two", 5));
    }

    @Test
    void a_cookie_decides_and_those_without_one_take_turns() throws Exception {
        Edge edge = edge(
                        "{'origin_balance':'cookie_hash:sid'}",
                        named("one").port(),
                        named("two").port(),
                        named("three").port())
                .start();
        List<String> chosen = new ArrayList<>();
        try (var client = edge.client()) {
            for (int visitor = 0; visitor < 24; visitor++) {
                String first = get(client, "Cookie: a=b; sid=v" + visitor + "; sidx=7");
                chosen.add(first);
                assertThat(get(client, "Cookie: xsid=1; sid=v" + visitor)).isEqualTo(first);
                assertThat(get(client, "Cookie: x=1", "Cookie: sid=v" + visitor))
                        .isEqualTo(first);
            }
        }
        assertThat(chosen).contains("one", "two", "three");
        assertThat(answers(edge, 9)).isEqualTo(Map.of("one", 3, "two", 3, "three", 3));
        assertThat(answers(edge, 9, "Cookie: sid=; other=1")).isEqualTo(Map.of("one", 3, "two", 3, "three", 3));
    }

    @Test
    void a_clients_address_decides_an_ipv6_clients_network_does() throws Exception {
        Edge edge = edge(
                        "{'origin_balance':'address_hash'}",
                        named("one").port(),
                        named("two").port(),
                        named("three").port())
                .trusted("127.0.0.0/8")
                .start();
        List<String> chosen = new ArrayList<>();
        try (var client = edge.client()) {
            for (int i = 0; i < 24; i++) {
                String first = get(client, "X-Forwarded-For: 203.0.113." + i);
                chosen.add(first);
                assertThat(get(client, "X-Forwarded-For: 203.0.113." + i)).isEqualTo(first);
                assertThat(get(client, "X-Forwarded-For: 2001:db8:0:" + i + "::1"))
                        .isEqualTo(get(client, "X-Forwarded-For: 2001:db8:0:" + i + ":7:7:7:7"));
            }
        }
        assertThat(chosen).contains("one", "two", "three");
    }

    @Test
    void a_record_says_for_its_name_what_its_zone_does_not() throws Exception {
        RawOrigin one = named("one");
        Edge edge = opened(Edge.edge())
                .site(
                        "example.com",
                        "{\"origin_balance\":\"address_hash\"}",
                        "+" + HOST + " A 192.0.2.1 {\"origin_balance\":\"round_robin\"}",
                        "+" + HOST + " A 192.0.2.2")
                .origin("192.0.2.1", one.port())
                .origin("192.0.2.2", named("two").port())
                .start();
        assertThat(answers(edge, 10)).isEqualTo(Map.of("one", 5, "two", 5));
    }

    @Test
    void the_origin_with_the_fewest_requests_under_way_is_asked() throws Exception {
        CountDownLatch held = new CountDownLatch(4);
        RawOrigin slow = opened(new RawOrigin(connection -> {
            connection.readHead();
            held.countDown();
            connection.holdOpen();
        }));
        RawOrigin fast = named("fast");
        Edge edge = edge("{'origin_balance':'least_outstanding'}", slow.port(), fast.port())
                .start();
        Await.until(() -> {
            try {
                RawClient client = opened(edge.client());
                client.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
                return held.getCount() < 4;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        String free = "127.0.0.1:" + fast.port();
        Await.until(() -> edge.service().origins().stream()
                .noneMatch(origin -> origin.address().equals(free) && origin.outstanding() > 0));
        assertThat(answers(edge, 20)).as("one is under way there").isEqualTo(Map.of("fast", 20));
    }

    // ---- when a request goes to another origin

    private static String put(String method, String body) {
        return method + " / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** One that answers with what it was sent. */
    private RawOrigin echoing() throws IOException {
        return opened(new RawOrigin(connection -> {
            while (true) {
                String head = connection.readHead();
                heads.add("echo " + head);
                String line = head.lines()
                        .filter(field -> field.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                        .findFirst()
                        .orElse("content-length: 0");
                int length = Integer.parseInt(line.substring(15).strip());
                connection.send(
                        answer(200, new String(connection.peer().exactly(length), StandardCharsets.ISO_8859_1)));
            }
        }));
    }

    /** One that takes a request whole, and resets the connection. */
    private RawOrigin swallowing(int bodyBytes) throws IOException {
        return opened(new RawOrigin(connection -> {
            heads.add("swallow " + connection.readHead());
            connection.peer().exactly(bodyBytes);
            connection.socket().setSoLinger(true, 0);
        }));
    }

    private String ask(Edge edge, String request) throws IOException {
        try (var client = edge.client()) {
            RawClient.Answer answer = client.send(request).read();
            return answer.status() == 200 ? answer.text() : Integer.toString(answer.status());
        }
    }

    private List<String> asks(Edge edge, int requests, String request) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            answers.add(ask(edge, request));
        }
        return answers;
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "HEAD, 0", "OPTIONS, 0", "DELETE, 0", "PUT, 5", "PUT, 60000", "DELETE, 3"})
    void a_request_that_may_be_sent_twice_goes_to_another_origin_with_its_body(String method, int length)
            throws Exception {
        Edge edge = edge("{}", swallowing(length).port(), echoing().port())
                .ejection(NEVER_OUT)
                .start();
        String body = "x".repeat(length);
        for (int i = 0; i < 4; i++) {
            try (var client = edge.client()) {
                RawClient.Answer answer = client.send(put(method, body)).read(method.equals("HEAD"));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo(body);
            }
        }
        assertThat(count(edge, Event.ORIGIN_FAILOVERS)).isEqualTo(2);
    }

    @Test
    void a_body_in_chunks_is_sent_again_too() throws Exception {
        RawOrigin chunks = opened(new RawOrigin(connection -> {
            connection.readHead();
            StringBuilder all = new StringBuilder();
            for (String line = connection.peer().readLine();
                    !line.equals("0");
                    line = connection.peer().readLine()) {
                all.append(connection.peer().readLine());
            }
            connection.peer().readLine();
            connection.send(answer(200, all.toString()));
        }));
        RawOrigin broken = opened(new RawOrigin(connection -> {
            connection.readHead();
            connection.peer().readLine();
            connection.socket().setSoLinger(true, 0);
        }));
        Edge edge = edge("{}", broken.port(), chunks.port()).ejection(NEVER_OUT).start();
        for (int i = 0; i < 2; i++) {
            try (var client = edge.client()) {
                client.send("PUT / HTTP/1.1\r\nHost: " + HOST + "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                long sent = i;
                Await.until(() -> count(edge, Event.ORIGIN_REQUESTS) > sent);
                client.send("4\r\ndefg\r\n0\r\n\r\n");
                assertThat(client.read().text()).isEqualTo("abcdefg");
            }
        }
        assertThat(count(edge, Event.ORIGIN_FAILOVERS)).isEqualTo(1);
    }

    @Test
    void a_post_goes_to_another_origin_only_when_nothing_of_it_was_sent() throws Exception {
        Edge refused = edge("{}", dead(), echoing().port()).ejection(NEVER_OUT).start();
        assertThat(asks(refused, 4, put("POST", "abc"))).containsOnly("abc");
        heads.clear();
        Edge reset = edge("{}", swallowing(3).port(), echoing().port())
                .ejection(NEVER_OUT)
                .start();
        assertThat(asks(reset, 4, put("POST", "abc")))
                .containsOnly("abc", "520")
                .contains("520");
        assertThat(heads).as("each was sent once").hasSize(4);
        assertThat(count(reset, Event.ORIGIN_FAILOVERS)).isZero();
        Edge bare = edge("{}", resetting().port(), echoing().port())
                .ejection(NEVER_OUT)
                .start();
        assertThat(asks(bare, 4, put("PATCH", ""))).containsExactlyInAnyOrder("520", "", "520", "");
    }

    @Test
    void a_body_beyond_what_is_kept_is_not_sent_again() throws Exception {
        RetryConfig retry = new RetryConfig(2, 1024, 1 << 20, 20, 10, Duration.ofSeconds(10));
        Edge edge = edge("{}", swallowing(1025).port(), echoing().port())
                .ejection(NEVER_OUT)
                .retry(retry)
                .start();
        List<String> large = asks(edge, 2, put("PUT", "x".repeat(1025)));
        assertThat(large).containsExactlyInAnyOrder("520", "x".repeat(1025));
        RetryConfig together = new RetryConfig(2, 1024, 100, 20, 10, Duration.ofSeconds(10));
        Edge full = edge("{}", swallowing(101).port(), echoing().port())
                .ejection(NEVER_OUT)
                .retry(together)
                .start();
        assertThat(asks(full, 2, put("PUT", "x".repeat(101)))).containsExactlyInAnyOrder("520", "x".repeat(101));
    }

    @Test
    void a_request_asks_no_more_origins_than_it_may() throws Exception {
        RetryConfig once = new RetryConfig(1, 0, 0, 20, 10, Duration.ofSeconds(10));
        Edge edge = edge("{}", dead(), dead(), dead(), dead())
                .ejection(NEVER_OUT)
                .retry(once)
                .start();
        assertThat(answers(edge, 1)).isEqualTo(Map.of("521", 1));
        assertThat(count(edge, Event.ORIGIN_CONNECT_FAILURES)).isEqualTo(2);
        Edge none = edge("{}", dead(), named("two").port())
                .ejection(NEVER_OUT)
                .retry(new RetryConfig(0, 0, 0, 20, 10, Duration.ofSeconds(10)))
                .start();
        assertThat(answers(none, 4)).isEqualTo(Map.of("521", 2, "two", 2));
    }

    @Test
    void no_more_requests_that_failed_elsewhere_go_to_an_origin_than_its_budget_has() throws Exception {
        RetryConfig few = new RetryConfig(2, 0, 0, 20, 2, LONG);
        Edge edge = edge("{}", resetting().port(), named("two").port())
                .ejection(NEVER_OUT)
                .retry(few)
                .start();
        // 20 of its own, and so 4 more beside the least of 2
        Map<String, Integer> answers = answers(edge, 40);
        assertThat(answers).containsKeys("520", "two");
        assertThat(count(edge, Event.ORIGIN_FAILOVERS))
                .isEqualTo(answers.get("two") - 20L)
                .isBetween(5L, 6L);
        assertThat(count(edge, Event.ORIGIN_RETRIES_DENIED)).isEqualTo((long) answers.get("520"));
    }

    @Test
    void an_answer_that_has_begun_is_not_begun_again() throws Exception {
        RawOrigin half = opened(new RawOrigin(connection -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        }));
        Edge edge = edge("{}", half.port(), named("two").port()).start();
        int cut = 0;
        for (int i = 0; i < 4; i++) {
            try (var client = edge.client()) {
                client.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
                cut += client.readHead().contains("Content-Length: 10") ? 1 : 0;
            }
        }
        assertThat(cut).isEqualTo(2);
        assertThat(count(edge, Event.ORIGIN_FAILOVERS)).isZero();
    }

    @Test
    void a_request_that_one_origin_has_no_room_for_goes_to_another_and_1200_is_the_answer_when_none_has()
            throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        RawOrigin.Behaviour holding = connection -> {
            connection.readHead();
            asked.countDown();
            connection.holdOpen();
        };
        Edge edge = edge(
                        "{}",
                        opened(new RawOrigin(holding)).port(),
                        opened(new RawOrigin(holding)).port())
                .pool(1, 0)
                .start();
        String get = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\nAccept: application/json\r\n\r\n";
        opened(edge.client()).send(get);
        opened(edge.client()).send(get);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        RawClient.Answer full = opened(edge.client()).send(get).read();
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.text()).contains("\"error_code\":1200,");
        assertThat(full.header("Retry-After")).isEqualTo("60");
        assertThat(count(edge, Event.ORIGIN_EJECTIONS)).isZero();
        assertThat(edge.service().origins()).extracting(OriginStatus::failures).containsOnly(0);
        assertThat(edge.service().origins())
                .extracting(OriginStatus::outstanding)
                .containsOnly(1);
    }

    @Test
    void a_request_that_waits_too_long_for_a_connection_goes_to_another_origin_and_is_1200_without_one()
            throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        RawOrigin busy = opened(new RawOrigin(connection -> {
            connection.readHead();
            asked.countDown();
            connection.holdOpen();
        }));
        RawOrigin spare = named("spare");
        Edge edge = edge("{}", busy.port())
                .site("example.net", "{\"origin_fallback\":{\"origin\":\"192.0.2.9\"}}", "+b.example.net A 192.0.2.1")
                .origin("192.0.2.9", spare.port())
                .pool(1, 5)
                .queueTimeout(SHORT)
                .start();
        opened(edge.client()).send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        try (var client = edge.client()) {
            RawClient.Answer late = client.get(HOST, "/", "Accept: application/json");
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.text()).contains("\"error_code\":1200,");
            assertThat(client.get("b.example.net", "/").text()).isEqualTo("spare");
        }
    }

    @Test
    void nothing_is_under_way_when_all_visitors_have_gone() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        RawOrigin holding = opened(new RawOrigin(connection -> {
            connection.readHead();
            asked.countDown();
            connection.holdOpen();
        }));
        Edge edge = edge("{}", holding.port(), dead()).start();
        try (var client = edge.client()) {
            client.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        }
        Await.until(() -> edge.service().origins().stream().allMatch(origin -> origin.outstanding() == 0));
    }
}
