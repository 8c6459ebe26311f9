package io.anycastle.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7239 section 4. */
class ForwardedHopTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '!', quoteCharacter = '~', textBlock = """
            for=192.0.2.60;proto=http;by=203.0.113.43     ! 192.0.2.60 http
            For="[2001:db8:cafe::17]:4711"                ! [2001:db8:cafe::17]:4711
            for=192.0.2.43, for=198.51.100.17;proto=HTTPS ! 192.0.2.43; 198.51.100.17 https
            for="_gazonk" , , proto=https;for=unknown     ! _gazonk; unknown https
            for="a\\"b,c;d=e"; host="x"                   ! a"b,c;d=e
            proto=http                                    ! http
            ,,                                            ! ~~
            """)
    void each_element_tells_its_client_and_scheme(String line, String told) {
        assertThat(String.join(
                        "; ",
                        ForwardedHop.parse(List.of(line)).stream()
                                .map(hop -> (hop.client() + " " + hop.scheme()).strip())
                                .toList()))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for",
                "for=",
                "for=192.0.2.1:80",
                "for=[2001:db8::1]",
                "for=\"192.0.2.1",
                "for=1.1.1.1 proto=http",
                "for=1.1.1.1, =x",
                "for=\"\u0001\""
            })
    void a_field_that_breaks_the_grammar_tells_nothing(String line) {
        assertThat(ForwardedHop.parse(List.of("for=1.1.1.1", line))).isEmpty();
    }
}
