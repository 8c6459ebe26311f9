package io.anycastle.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A request's way to the origin and back. */
class ForwardingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: nginx\r\nX-Accel-Redirect: /x\r\n"
            + "Keep-Alive: timeout=5\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nX-Own: yes\r\nAlt-Svc: h3=\":443\"\r\n\r\nok";

    @Test
    void a_request_reaches_the_origin_of_its_record_and_the_answer_comes_back() throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var edge = Edge.edge()
                        .site("example.com", "+blog.example.com A 192.0.2.1")
                        .origin("192.0.2.1", origin.port())
                        .start();
                var client = edge.client()) {
            var answer = client.get("blog.example.com", "/");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("ok");
            assertThat(answer.header("Server")).isEqualTo("anycastle");
            assertThat(answer.header("CF-Ray")).matches("[0-9a-f]{16}-TST");
            assertThat(answer.header("CF-Cache-Status")).isEqualTo("DYNAMIC");
            assertThat(answer.header("X-Own")).isEqualTo("yes");
            assertThat(answer.head()).doesNotContain("X-Accel", "X-Hop", "Keep-Alive", "Alt-Svc");
        }
    }
}
