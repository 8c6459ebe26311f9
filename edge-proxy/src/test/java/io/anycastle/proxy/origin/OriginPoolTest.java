package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.proxy.RawOrigin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which connection a request gets, and when connections end. */
class OriginPoolTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String HEARD = "answered HTTP/1.1 200 OK|Content-Length: 2| 2\nbody\nended\n";

    @ParameterizedTest
    @MethodSource("io.anycastle.proxy.origin.Transport#available")
    void a_request_goes_and_its_answer_comes(Transport transport) throws Exception {
        try (var origin = new RawOrigin(connection -> {
                    assertThat(connection.readHead())
                            .isEqualTo("GET /x?y HTTP/1.1\r\nHost: a.example.com\r\nX-First: 1\r\nX-Second: 2\r\n\r\n");
                    connection.send(OK).holdOpen();
                });
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            Asking asking = pool.ask(origin.port(), Asking.get("/x?y"));

            assertThat(asking.toEnd()).isEqualTo(HEARD);
            assertThat(asking.body()).asString().isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @MethodSource("io.anycastle.proxy.origin.Transport#available")
    void requests_that_follow_one_another_share_a_connection(Transport transport) throws Exception {
        try (var origin = RawOrigin.answering(OK);
                var pool = new LoopedPool(transport, OriginConfig.DEFAULTS)) {
            for (int i = 0; i < 3; i++) {
                Asking asking = pool.ask(origin.port(), Asking.get("/"));
                assertThat(asking.toEnd()).isEqualTo(HEARD);
                assertThat(asking.isKept()).isEqualTo(i > 0);
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }
}
