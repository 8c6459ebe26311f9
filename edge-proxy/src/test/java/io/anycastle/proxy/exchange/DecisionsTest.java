package io.anycastle.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Cidr;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.message.WrittenFields;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure decisions of a request's path, as tables. */
class DecisionsTest {
    private static final RequestHeaders.Facts FACTS = new RequestHeaders.Facts(
            "a.example.com",
            "192.0.2.9",
            "192.0.2.9",
            "DE",
            "https",
            new AsciiString("0123456789abcdef-TST"),
            "anycastle");

    private static Fields toOrigin(String... lines) {
        RequestHead request = new RequestHead();
        request.begin("GET", "/", HttpVersion.HTTP_1_1);
        for (String line : lines) {
            int colon = line.indexOf(':');
            request.fields()
                    .add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        WrittenFields to = new WrittenFields();
        RequestHeaders.write(request, FACTS, to);
        return to.fields();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            A.Example.COM        | a.example.com
            a.example.com.       | a.example.com
            a.example.com:8080   | a.example.com:8080
            a.example.com:       | a.example.com
            _dmarc.example.com   | _dmarc.example.com
            xn--bcher-kva.example| xn--bcher-kva.example
            1.example            | 1.example
            """)
    void a_host_is_normalised(String text, String field) {
        assertThat(HostHeader.parse(text))
                .isInstanceOfSatisfying(
                        HostHeader.Named.class, n -> assertThat(n.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "192.0.2.1:80", "[::1]", "[2001:db8::1]:443", "[::ffff:1.2.3.4]"})
    void an_address_is_no_name(String text) {
        assertThat(HostHeader.parse(text)).isInstanceOf(HostHeader.Address.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ":80",
                "a b",
                "a@b",
                "a/b",
                "a..b",
                "a:b",
                "a:1:2",
                "a:123456",
                "a:65536",
                "a:-1",
                "[::1",
                "[::1]x",
                "[a]",
                "*.example.com",
                "a,b",
                "a%00b",
                "b\u00fccher.example",
                "a;b",
                "-\t"
            })
    void what_is_no_host_is_refused(String text) {
        assertThat(HostHeader.parse(text)).isInstanceOf(HostHeader.Invalid.class);
    }

    @Test
    void the_origin_learns_what_the_edge_knows() {
        assertThat(toOrigin("Accept: */*").toString().split("\n"))
                .containsExactlyInAnyOrder(
                        "Host: a.example.com",
                        "Accept: */*",
                        "X-Forwarded-For: 192.0.2.9",
                        "X-Forwarded-Proto: https",
                        "CF-Connecting-IP: 192.0.2.9",
                        "CF-IPCountry: DE",
                        "CF-Visitor: {\"scheme\":\"https\"}",
                        "CF-Ray: 0123456789abcdef-TST",
                        "CDN-Loop: anycastle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CF-Connecting-IP: 6.6.6.6",
                "cf_connecting_ip: 6.6.6.6",
                "CF-Ray: 6.6.6.6",
                "True-Client-IP: 6.6.6.6",
                "CF-Visitor: 6.6.6.6",
                "CF-IPCountry: 6.6.6.6",
                "X-Forwarded-Proto: 6.6.6.6",
                "x_forwarded_proto: 6.6.6.6",
                "X_Forwarded_For: 6.6.6.6",
                "Proxy-Authorization: 6.6.6.6",
                "Proxy-Authenticate: 6.6.6.6",
                "Proxy-Authentication-Info: 6.6.6.6",
                "Proxy-Connection: 6.6.6.6",
                "Proxy.Connection: 6.6.6.6",
                "CF.Connecting+IP: 6.6.6.6",
                "X!Forwarded~For: 6.6.6.6",
                "Proxy: 6.6.6.6",
                "TE: 6.6.6.6",
                "Keep-Alive: 6.6.6.6",
                "Upgrade: 6.6.6.6",
                "Trailer: 6.6.6.6",
                "Transfer-Encoding: 6.6.6.6",
                "Transfer_Encoding: 6.6.6.6",
                "Content_Length: 6.6.6.6",
                "Content.Length: 6.6.6.6",
                "Transfer.Encoding: 6.6.6.6",
                "Transfer`Encoding: 6.6.6.6",
                "HTTP2-Settings: 6.6.6.6"
            })
    void what_is_not_the_clients_to_say_is_dropped(String line) {
        assertThat(toOrigin(line).toString()).doesNotContain("6.6.6.6");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.b: 6.6.6.6",
                "a!b: 6.6.6.6",
                "X_Own: 6.6.6.6",
                "!#$%&'*+-.^_`|~09azAZ: 6.6.6.6",
                "Proxy-Status: 6.6.6.6",
                "Proxy-Anything: 6.6.6.6"
            })
    void a_field_that_is_the_clients_to_say_is_forwarded_whatever_characters_its_name_has(String line) {
        assertThat(toOrigin(line).toString().split("\n")).contains(line);
    }

    @Test
    void empty_elements_of_a_list_are_left_out() {
        assertThat(toOrigin("X-Forwarded-For:").value(FieldName.X_FORWARDED_FOR))
                .isEqualTo("192.0.2.9");
        assertThat(toOrigin("X-Forwarded-For: , 1.1.1.1,,").value(FieldName.X_FORWARDED_FOR))
                .isEqualTo("1.1.1.1, 192.0.2.9");
        assertThat(toOrigin("CDN-Loop: ").value(FieldName.CDN_LOOP)).isEqualTo("anycastle");
    }

    @Test
    void lists_are_appended_to() {
        Fields to = toOrigin("X-Forwarded-For: 1.1.1.1, 2.2.2.2", "X-Forwarded-For: 3.3.3.3", "CDN-Loop: cloudflare");

        assertThat(to.values(FieldName.X_FORWARDED_FOR)).containsExactly("1.1.1.1, 2.2.2.2, 3.3.3.3, 192.0.2.9");
        assertThat(to.values(FieldName.CDN_LOOP)).containsExactly("cloudflare, anycastle");
    }

    @Test
    void what_connection_lists_is_dropped_but_never_what_a_message_needs() {
        Fields to = toOrigin(
                "Connection: X-Hop, close, Host, Content-Length, CF-Connecting-IP",
                "X-Hop: 1",
                "Content-Length: 3",
                "Close: 1");

        assertThat(to.toString()).doesNotContain("X-Hop", "Close");
        assertThat(to.value(FieldName.HOST)).isEqualTo("a.example.com");
        assertThat(to.value(FieldName.CONTENT_LENGTH)).isEqualTo("3");
        assertThat(to.value(FieldName.CF_CONNECTING_IP)).isEqualTo("192.0.2.9");
        assertThat(to.has(FieldName.CONNECTION)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/cdn-cgi",
                "/cdn-cgi/",
                "/cdn-cgi/trace",
                "/CDN-CGI/trace",
                "/cdn-cgi/../a",
                "/a/../cdn-cgi/trace",
                "/%63dn-cgi/x",
                "/cdn%2dcgi/x",
                "//cdn-cgi/x",
                "/./cdn-cgi/x",
                "/a/%2e%2e/cdn-cgi/x",
                "/a/..%2Fcdn-cgi/x",
                "/\\cdn-cgi\\x",
                "/cdn-cgi%2fx",
                "/cdn-cgi?x",
                "/a/..\\cdn-cgi/x"
            })
    void the_reserved_path_is_seen_in_every_spelling(String target) {
        assertThat(ReservedPath.covers(request(target))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/cdn-cgix", "/a/cdn-cgi/", "/?/cdn-cgi/", "/a/../b", "/cdn-cg", "*", "/%", "/%zz/cdn-cgi"})
    void other_paths_are_the_origins(String target) {
        assertThat(ReservedPath.covers(request(target))).isFalse();
    }

    private static RequestHead request(String target) {
        RequestHead request = new RequestHead();
        request.begin("GET", target, HttpVersion.HTTP_1_1);
        return request;
    }

    @ParameterizedTest(name = "{0}, {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.9   | 1.1.1.1                    | 192.0.2.9
            10.0.0.1    | 1.1.1.1                    | 1.1.1.1
            10.0.0.1    | 6.6.6.6, 1.1.1.1           | 1.1.1.1
            10.0.0.1    | 6.6.6.6, 1.1.1.1, 10.0.0.2 | 1.1.1.1
            10.0.0.1    | 10.0.0.3, 10.0.0.2         | 10.0.0.3
            10.0.0.1    | nonsense                   | 10.0.0.1
            10.0.0.1    | 1.1.1.1, nonsense          | 10.0.0.1
            10.0.0.1    | example.com                | 10.0.0.1
            10.0.0.1    | 2001:db8::1                | 2001:db8::1
            10.0.0.1    | 192.0.2.1:5555             | 192.0.2.1
            10.0.0.1    | [2001:db8::7]:443          | 2001:db8::7
            10.0.0.1    | [2001:db8::7]              | 2001:db8::7
            10.0.0.1    | 1.1.1.1, 10.0.0.2:80       | 1.1.1.1
            10.0.0.1    | 1.1.1.1,,                  | 1.1.1.1
            10.0.0.1    | 192.0.2.1:99999            | 10.0.0.1
            10.0.0.1    | [192.0.2.1                 | 10.0.0.1
            10.0.0.1    | 1                          | 10.0.0.1
            10.0.0.1    | fe80::1%eth0               | 10.0.0.1
            """)
    void the_client_is_who_no_trusted_proxy_is(String peer, String forwardedFor, String client) {
        List<String> hops = Stream.of(forwardedFor.split(","))
                .map(String::strip)
                .filter(hop -> !hop.isEmpty())
                .toList();
        InetAddress found = ClientAddress.of(InetAddress.ofLiteral(peer), hops, List.of(Cidr.of("10.0.0.0/8")));
        assertThat(found).isEqualTo(InetAddress.ofLiteral(client));
    }
}
