package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

/** RFC 9110 section 6.6.1. */
class DateTest {
    @Test
    void every_answer_has_a_date() throws Exception {
        try (var origin = RawOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                var edge = Edge.edge()
                        .site("example.com", "+a.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            assertNow(client.get("a.example.com", "/"));
            assertNow(client.get("a.example.com", "/cdn-cgi/trace"));
            assertNow(client.get("unknown.example", "/"));
            assertNow(client.send("GET / HTTP/1.1\r\nX y\r\n\r\n").read());
        }
    }

    private static void assertNow(RawClient.Answer answer) {
        ZonedDateTime date = ZonedDateTime.parse(answer.header("Date"), DateTimeFormatter.RFC_1123_DATE_TIME);
        assertThat(Duration.between(date.toInstant(), Instant.now())).isLessThan(Duration.ofMinutes(2));
    }
}
