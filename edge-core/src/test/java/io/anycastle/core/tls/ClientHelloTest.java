package io.anycastle.core.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** RFC 8446 section 4.1.2, RFC 6066 section 3. */
class ClientHelloTest {
    private static final String NAME = "visited.example.com";

    private static byte[] hello(List<String> names, String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine client = context.createSSLEngine();
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setServerNames(names.stream()
                .<javax.net.ssl.SNIServerName>map(SNIHostName::new)
                .toList());
        parameters.setApplicationProtocols(protocols);
        client.setSSLParameters(parameters);
        ByteBuffer record = ByteBuffer.allocate(64 * 1024);
        client.wrap(ByteBuffer.allocate(0), record);
        return Arrays.copyOf(record.array(), record.position());
    }

    private static String name(byte[] record) {
        return ClientHello.hostName(ByteBuffer.wrap(record))
                .map(name -> new String(name, StandardCharsets.ISO_8859_1))
                .orElse("");
    }

    @Test
    void the_name_that_a_client_asks_for_is_found_and_the_record_left_as_it_is() throws Exception {
        ByteBuffer record = ByteBuffer.wrap(hello(List.of(NAME)));
        int before = record.remaining();
        assertThat(ClientHello.hostName(record))
                .hasValueSatisfying(name -> assertThat(name).isEqualTo(NAME.getBytes(StandardCharsets.US_ASCII)));
        assertThat(record.remaining()).isEqualTo(before);
        assertThat(name(hello(List.of()))).isEmpty();
    }

    @Test
    void the_protocols_that_a_client_offers_are_found_in_their_order() throws Exception {
        assertThat(ClientHello.protocols(ByteBuffer.wrap(hello(List.of(NAME), "h2", "http/1.1"))))
                .containsExactly("h2", "http/1.1");
        assertThat(ClientHello.protocols(ByteBuffer.wrap(hello(List.of(NAME))))).isEmpty();
    }

    @Test
    void what_is_cut_off_or_lies_about_its_lengths_does_no_harm() throws Exception {
        byte[] hello = hello(List.of(NAME));
        for (int at = 0; at < hello.length; at++) {
            assertThat(name(Arrays.copyOf(hello, at))).isIn("", NAME);
            for (int octet : new int[] {0, 1, 0x7f, 0xff}) {
                byte[] lying = hello.clone();
                lying[at] = (byte) octet;
                assertThat(name(lying).length()).isLessThanOrEqualTo(hello.length);
            }
        }
    }
}
