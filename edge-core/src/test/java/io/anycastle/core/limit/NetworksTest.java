package io.anycastle.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which clients share a network, and which networks have no limits. */
class NetworksTest {
    /** An address in two longs. */
    private record Source(boolean isIpv6, long high, long low) {
        static Source of(InetAddress address) {
            ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
            return octets.capacity() == 16
                    ? new Source(true, octets.getLong(), octets.getLong())
                    : new Source(false, 0, Integer.toUnsignedLong(octets.getInt()));
        }
    }

    private static Source source(String address) {
        return Source.of(InetAddress.ofLiteral(address));
    }

    private static long network(Networks networks, String address) {
        Source source = source(address);
        return networks.of(source.isIpv6(), source.high(), source.low());
    }

    @ParameterizedTest
    @CsvSource({
        "24, 56, 192.0.2.1, 192.0.2.255, true",
        "24, 56, 192.0.2.1, 192.0.3.1, false",
        "32, 56, 192.0.2.1, 192.0.2.2, false",
        "8, 56, 203.0.113.1, 203.255.0.1, true",
        "24, 56, 2001:db8:1:100::1, 2001:db8:1:1ff:ffff::2, true",
        "24, 56, 2001:db8:1:100::1, 2001:db8:1:200::1, false",
        "24, 64, 2001:db8:1:100::1, 2001:db8:1:101::1, false",
        "24, 16, 2001:db8::1, 2001:ffff::1, true",
        "32, 64, 0.0.0.1, 0:0:0:1::, false"
    })
    void clients_share_a_network_or_not(int ipv4, int ipv6, String one, String other, boolean same) {
        Networks networks = new Networks(ipv4, ipv6, List.of());
        assertThat(network(networks, one) == network(networks, other)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.77, 192.0.2.0/24",
        "255.1.2.3, 255.1.2.0/24",
        "2001:db8:1:1ab::9, 2001:db8:1:100::/56",
        "::1, ::/56"
    })
    void a_network_is_told_in_words(String address, String text) {
        Source source = source(address);
        assertThat(Networks.DEFAULTS.text(source.isIpv6(), source.high(), source.low()))
                .isEqualTo(text);
    }

    @Test
    void the_exempt_are_those_that_the_networks_contain() {
        List<Cidr> networks = List.of(
                Cidr.of("10.0.0.0/8"),
                Cidr.of("192.0.2.128/25"),
                Cidr.of("198.51.100.7"),
                Cidr.of("2001:db8::/33"),
                Cidr.of("2001:db8:ffff::1"),
                Cidr.of("2001:db8:8000:1::/100"));
        Networks.Exempt exempt = new Networks(24, 56, networks).exemptions();
        Random random = new Random(7);
        int inside = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] address = networks.get(random.nextInt(networks.size())).address();
            for (int flips = random.nextInt(3); flips > 0; flips--) {
                address[random.nextInt(address.length)] ^= (byte) (1 << random.nextInt(8));
            }
            InetAddress inet = address(address);
            Source source = Source.of(inet);
            boolean expected = networks.stream().anyMatch(network -> network.contains(inet));
            inside += expected ? 1 : 0;
            assertThat(exempt.contains(source.isIpv6(), source.high(), source.low()))
                    .as(inet.getHostAddress())
                    .isEqualTo(expected);
        }
        assertThat(inside).isBetween(20_000, 80_000);
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
