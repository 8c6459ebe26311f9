package io.anycastle.proxy.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.Cidr;
import io.anycastle.proxy.origin.AddressGuard.Ruling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The edge is no way into places that only the edge can reach. */
class AddressGuardTest {
    private static AddressGuard guard(List<String> allow, List<String> deny, String... edge) {
        OriginConfig d = OriginConfig.DEFAULTS;
        return new AddressGuard(new OriginConfig(
                d.tls(),
                d.port(),
                d.connectTimeout(),
                d.attemptDelay(),
                d.handshakeTimeout(),
                d.readTimeout(),
                d.silenceTimeout(),
                d.writeTimeout(),
                d.keepAlive(),
                1,
                1,
                d.queueTimeout(),
                1024,
                d.http2(),
                d.balance(),
                d.ejection(),
                d.retry(),
                allow.stream().map(Cidr::of).toList(),
                deny.stream().map(Cidr::of).toList(),
                List.of(),
                Arrays.stream(edge).map(InetAddress::ofLiteral).toList()));
    }

    private static Ruling rule(AddressGuard guard, String address) {
        return guard.rule(InetAddress.ofLiteral(address), 80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "::", "64:ff9b::1.2.3.4", "::1.2.3.4"})
    void an_ipv6_address_that_the_operator_lists_is_allowed(String address) {
        assertThat(rule(guard(List.of(address + "/128"), List.of()), address)).isEqualTo(Ruling.ALLOWED);
    }

    @Test
    void what_an_ipv6_address_carries_is_looked_at_even_where_the_operator_lists_the_address() {
        assertThat(rule(guard(List.of("::/96", "64:ff9b::/96"), List.of()), "::127.0.0.1"))
                .isEqualTo(Ruling.FORBIDDEN);
        assertThat(rule(guard(List.of("64:ff9b::/96"), List.of()), "64:ff9b::7f00:1"))
                .isEqualTo(Ruling.FORBIDDEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.255",
                "0.0.0.0",
                "0.1.2.3",
                "169.254.169.254",
                "169.254.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "240.0.0.1",
                "192.0.0.192",
                "100.100.100.200",
                "168.63.129.16",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "fd00:ec2::254",
                "100::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "::ffff:0:127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2002:7f00:1::1",
                "2002:a9fe:a9fe::",
                "2001:0:1:2:3:4:5:6"
            })
    void what_is_no_network_of_servers_is_refused_in_every_spelling(String address) {
        assertThat(rule(guard(List.of(), List.of()), address)).isEqualTo(Ruling.FORBIDDEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "8.8.8.8",
                "2001:db8::1",
                "fd12::1",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void public_and_private_networks_are_reached(String address) {
        assertThat(rule(guard(List.of(), List.of()), address)).isEqualTo(Ruling.ALLOWED);
    }

    @Test
    void the_operator_opens_and_closes_networks() {
        AddressGuard guard = guard(List.of("127.0.0.0/8"), List.of("10.9.0.0/16", "127.0.0.9"));

        assertThat(rule(guard, "127.0.0.1")).isEqualTo(Ruling.ALLOWED);
        assertThat(rule(guard, "127.0.0.9")).isEqualTo(Ruling.FORBIDDEN);
        assertThat(rule(guard, "10.9.1.1")).isEqualTo(Ruling.FORBIDDEN);
        assertThat(rule(guard, "10.8.1.1")).isEqualTo(Ruling.ALLOWED);
        assertThat(rule(guard, "::1")).isEqualTo(Ruling.FORBIDDEN);
        assertThat(rule(guard, "64:ff9b::a09:101")).isEqualTo(Ruling.FORBIDDEN);
    }

    @Test
    void the_other_nodes_are_the_edge_for_as_long_as_they_are_there() {
        AddressGuard guard = guard(List.of(), List.of(), "192.0.2.7");

        guard.nodesAnswerAt(Set.of(InetAddress.ofLiteral("192.0.2.8")));
        assertThat(rule(guard, "192.0.2.8")).isEqualTo(Ruling.EDGE_ITSELF);
        guard.nodesAnswerAt(Set.of());
        assertThat(rule(guard, "192.0.2.8")).isEqualTo(Ruling.ALLOWED);
        assertThat(rule(guard, "192.0.2.7")).isEqualTo(Ruling.EDGE_ITSELF);
    }

    @Test
    void the_edge_is_recognised_by_address_and_by_socket() {
        AddressGuard guard = guard(List.of("127.0.0.0/8"), List.of(), "192.0.2.7");
        guard.listensOn(Set.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80)));

        assertThat(rule(guard, "192.0.2.7")).isEqualTo(Ruling.EDGE_ITSELF);
        assertThat(rule(guard, "::ffff:192.0.2.7")).isEqualTo(Ruling.EDGE_ITSELF);
        assertThat(rule(guard, "127.0.0.1")).isEqualTo(Ruling.EDGE_ITSELF);
        assertThat(guard.rule(InetAddress.ofLiteral("127.0.0.1"), 81)).isEqualTo(Ruling.ALLOWED);
    }

    @Test
    void a_network_says_what_is_wrong_with_its_text() {
        assertThat(Cidr.of("10.1.0.0/9").contains(InetAddress.ofLiteral("10.127.0.0")))
                .isTrue();
        assertThat(Cidr.of("10.1.0.0/9").contains(InetAddress.ofLiteral("10.128.0.0")))
                .isFalse();
        assertThat(Cidr.of("2001:db8::/33").contains(InetAddress.ofLiteral("2001:db8:8000::")))
                .isFalse();
        assertThat(Cidr.of("0.0.0.0/0").contains(InetAddress.ofLiteral("::1"))).isFalse();
        for (String bad :
                new String[] {"", "10.0.0.0/33", "10.0.0.0/x", "10.0.0", "example.com/8", "10.0.0.0/-1", "10.0.0.0/"}) {
            assertThatThrownBy(() -> Cidr.of(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + bad + "'");
        }
    }
}
