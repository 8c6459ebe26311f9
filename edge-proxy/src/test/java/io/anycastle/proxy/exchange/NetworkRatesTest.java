package io.anycastle.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.limit.Networks;
import io.anycastle.core.model.Cidr;
import io.anycastle.proxy.exchange.NetworkRates.Ruling;
import io.anycastle.proxy.listen.ClientRates;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a client network may send a second, and that nobody gets rid of what is counted of him. */
class NetworkRatesTest {
    private static final Networks NETWORKS = new Networks(32, 56, List.of(Cidr.of("10.0.0.0/8")));
    private static final int NETWORKS_MAX = 1024;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static NetworkRates rates(int requests, int headBytes, int burstSeconds) {
        return new NetworkRates(
                new ClientRates(requests, headBytes, Duration.ofSeconds(burstSeconds), NETWORKS_MAX, List.of()),
                NETWORKS);
    }

    private static long network(NetworkRates rates, String address) {
        return rates.network(InetAddress.ofLiteral(address));
    }

    private static long admitted(NetworkRates rates, long network, int tries, long nanos) {
        return IntStream.range(0, tries)
                .filter(_ -> rates.charge(network, 100, nanos) == Ruling.ADMITTED)
                .count();
    }

    @Test
    void a_burst_may_come_at_once_and_the_rate_goes_on() {
        NetworkRates rates = rates(10, 0, 3);
        long network = network(rates, "192.0.2.1");
        assertThat(admitted(rates, network, 100, 0)).isEqualTo(30);
        assertThat(rates.charge(network, 100, 0)).isEqualTo(Ruling.TOO_MANY_REQUESTS);
        assertThat(admitted(rates, network, 100, SECOND)).isEqualTo(10);
        assertThat(admitted(rates, network, 100, 60 * SECOND)).isEqualTo(30);
    }

    @Test
    void a_network_has_its_own_count_and_an_exempt_one_none() {
        NetworkRates rates = rates(10, 0, 1);
        assertThat(admitted(rates, network(rates, "192.0.2.1"), 100, 0)).isEqualTo(10);
        assertThat(admitted(rates, network(rates, "192.0.2.2"), 100, 0)).isEqualTo(10);
        assertThat(admitted(rates, network(rates, "10.1.2.3"), 100, 0)).isEqualTo(100);
        assertThat(admitted(rates, network(rates, "2001:db8:0:100::1"), 100, 0)).isEqualTo(10);
        assertThat(admitted(rates, network(rates, "2001:db8:0:1ff::1"), 100, 0)).isZero();
        assertThat(admitted(rates, network(rates, "2001:db8:0:200::1"), 100, 0)).isEqualTo(10);
    }

    @Test
    void heads_count_by_their_length_and_one_longer_than_a_burst_is_taken_some_time() {
        NetworkRates rates = rates(0, 1000, 2);
        long network = network(rates, "192.0.2.1");
        assertThat(rates.charge(network, 1500, 0)).isEqualTo(Ruling.ADMITTED);
        assertThat(rates.charge(network, 1500, 0)).isEqualTo(Ruling.TOO_MANY_HEAD_BYTES);
        assertThat(rates.charge(network, 500, 0)).isEqualTo(Ruling.ADMITTED);
        assertThat(rates.charge(network, 30_000, SECOND)).isEqualTo(Ruling.TOO_MANY_HEAD_BYTES);
        assertThat(rates.charge(network, 30_000, 2 * SECOND)).isEqualTo(Ruling.ADMITTED);
    }

    @Test
    void a_flood_of_other_networks_frees_none_that_is_over_its_limit() {
        NetworkRates rates = rates(10, 0, 10);
        long[] busy = IntStream.range(0, NETWORKS_MAX / 32)
                .mapToLong(i -> network(rates, "192.0.2." + i))
                .toArray();
        for (long network : busy) {
            admitted(rates, network, 200, 0);
        }
        for (int i = 0; i < 1_000_000; i++) {
            rates.charge(network(rates, "198." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)), 100, 0);
        }
        assertThat(IntStream.range(0, busy.length).filter(i -> admitted(rates, busy[i], 1, 0) > 0))
                .hasSizeLessThanOrEqualTo(1); // five of them in one place would be one too many
    }

    @Test
    void without_limits_nothing_is_counted() {
        assertThat(new NetworkRates(ClientRates.DEFAULTS, NETWORKS).areLimited())
                .isFalse();
        assertThat(rates(1, 0, 1).areLimited()).isTrue();
        assertThat(rates(0, 1, 1).areLimited()).isTrue();
    }
}
