package io.anycastle.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anycastle.core.model.DomainName;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses of names outside our zones, and how long they are kept. */
class AddressLookupTest {
    private final ResolveCounters counters = new ResolveCounters();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private NameServer server;
    private AddressLookup lookup;

    @BeforeEach
    void start() throws Exception {
        server = new NameServer();
        server.answers("web.example.net", "A", "web.example.net 300 CNAME real.net.", "real.net 300 A 192.0.2.1")
                .answers(
                        "web.example.net",
                        "AAAA",
                        "web.example.net 300 CNAME real.net.",
                        "real.net 300 AAAA 2001:db8::1");
        lookup = patient(Duration.ofSeconds(15));
    }

    /** @param patience how long the server is waited for */
    private AddressLookup patient(Duration patience) {
        DnsClient asked = new RecursiveServers(
                ResolveConfig.DEFAULTS.withServers(List.of(server.address())).withTimeout(patience), counters);
        return AddressLookup.of(new LookupCache(asked, counters, 100, Duration.ofSeconds(5), now::get));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private List<InetAddress> find(String name) throws Exception {
        return lookup.resolve(DomainName.of(name)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void both_families_are_found_through_an_alias_and_kept_for_their_ttl() throws Exception {
        assertThat(find("web.example.net"))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        int asked = server.questions();
        now.updateAndGet(t -> t.plusSeconds(299));
        find("web.example.net");
        assertThat(server.questions()).isEqualTo(asked);
        assertThat(counters.all()).containsEntry("resolver_cache_hits", 2L);

        now.updateAndGet(t -> t.plusSeconds(1));
        find("web.example.net");
        assertThat(server.questions()).isEqualTo(asked + 2);
    }

    @Test
    void a_name_without_an_address_fails_and_is_asked_about_again_before_its_soa_says() {
        assertThatThrownBy(() -> find("gone.example.net")).hasRootCauseMessage("gone.example.net has no address");
        int asked = server.questions();
        now.updateAndGet(t -> t.plusSeconds(4));
        assertThatThrownBy(() -> find("gone.example.net")).hasRootCauseMessage("gone.example.net has no address");
        assertThat(server.questions()).isEqualTo(asked);

        now.updateAndGet(t -> t.plusSeconds(1));
        assertThatThrownBy(() -> find("gone.example.net")).hasRootCauseMessage("gone.example.net has no address");
        assertThat(server.questions()).isEqualTo(asked + 2);
    }

    @Test
    void a_server_that_does_not_answer_fails_in_time_with_the_reason() {
        server.silence();
        lookup = patient(Duration.ofMillis(300));

        assertThatThrownBy(() -> find("web.example.net"))
                .hasRootCauseMessage("web.example.net cannot be looked up: " + server + " does not answer");
    }

    @Test
    void the_machines_own_hosts_file_comes_first_where_its_servers_are_asked() throws Exception {
        AddressLookup own = AddressLookup.asThisMachine((name, type) -> {
            throw new IllegalStateException("nobody is asked about " + name);
        });

        assertThat(own.resolve(DomainName.of("localhost")).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .contains(InetAddress.ofLiteral("127.0.0.1"));
    }
}
