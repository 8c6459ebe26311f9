package io.anycastle.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.Document;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.OriginScheme;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordRow;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.core.view.HostTable.Lookup;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTableRfc4592Test {
    private static final ZoneState SITE = Zones.active(
            "example.com",
            "@ A 192.0.2.10 proxied",
            "blog A 192.0.2.1 proxied",
            "shop A 192.0.2.2",
            "mixed A 192.0.2.3",
            "mixed AAAA 2001:db8::3 proxied",
            "mixed TXT text",
            "app CNAME origin.elsewhere.test proxied",
            "company CNAME origin.elsewhere.test proxied",
            "company MX mail.elsewhere.test",
            "to-company TXT text",
            "to-company CNAME company.example.com",
            "to-blog CNAME blog.example.com",
            "to-to-blog CNAME to-blog.example.com",
            "to-shop CNAME shop.example.com",
            "to-sister CNAME www.sister.test",
            "to-paused CNAME www.paused.test",
            "to-elsewhere CNAME origin.elsewhere.test",
            "to-partial CNAME www.partial.test",
            "to-itself CNAME to-itself.example.com",
            "to-wild CNAME any.wild.example.com",
            "*.wild A 192.0.2.4 proxied",
            "taken.wild A 192.0.2.5",
            "a.between.wild A 192.0.2.6 proxied",
            "*.dnsonly A 192.0.2.7",
            "child NS ns1.child.example.com",
            "*.child A 192.0.2.8 proxied",
            "only-text TXT text");
    private static final EdgeView VIEW = EdgeView.EMPTY
            .with(SITE)
            .with(Zones.active("sister.test", "www A 192.0.2.20 proxied"))
            .with(Zones.active("paused.test", "www A 192.0.2.30 proxied")
                    .withZone(Zones.zone("paused.test", ZoneStatus.ACTIVE, true)))
            .with(Zones.active("pending.test", "www A 192.0.2.31 proxied")
                    .withZone(Zones.zone("pending.test", ZoneStatus.PENDING, false)))
            .with(Zones.partial("partial.test", "www A 192.0.2.50 proxied", "alias CNAME www.partial.test"))
            .with(Zones.active("below.wild.example.com", "www A 192.0.2.40"));

    @ParameterizedTest(name = "{0} goes to {1} by {2}")
    @CsvSource({
        "example.com, 192.0.2.10, example.com",
        "blog.example.com, 192.0.2.1, blog.example.com",
        "mixed.example.com, 192.0.2.3 2001:db8::3, mixed.example.com",
        "app.example.com, origin.elsewhere.test, app.example.com",
        "company.example.com, origin.elsewhere.test, company.example.com",
        "to-company.example.com, origin.elsewhere.test, company.example.com",
        "to-blog.example.com, 192.0.2.1, blog.example.com",
        "to-to-blog.example.com, 192.0.2.1, blog.example.com",
        "to-sister.example.com, 192.0.2.20, www.sister.test",
        "to-wild.example.com, 192.0.2.4, *.wild.example.com",
        "x.wild.example.com, 192.0.2.4, *.wild.example.com",
        "x.y.wild.example.com, 192.0.2.4, *.wild.example.com",
        "a.between.wild.example.com, 192.0.2.6, a.between.wild.example.com",
    })
    void a_proxied_host_has_a_route(String host, String origins, String owner) {
        assertThat(find(host)).isInstanceOfSatisfying(Lookup.Routed.class, routed -> {
            assertThat(routed.route().host()).isEqualTo(DomainName.of(host));
            assertThat(routed.route().owner()).hasToString(owner);
            assertThat(routed.route().zone().name()).hasToString("example.com");
            assertThat(routed.route().origins().stream().map(Record::content)).containsExactly(origins.split(" "));
        });
    }

    @Test
    void an_origin_is_asked_as_its_record_says_and_else_as_the_zone_of_that_record_says_wherever_the_host_lies() {
        Document document = new Document(
                ProxySettings.KEY,
                new Stamp(1, 0, "test"),
                Optional.of("{\"ssl\":\"strict\",\"origin_port\":8080,\"origin_host\":\"app\"}"));
        RecordRow row = blog().row();
        row.origin = OriginSettings.of(Map.of(OriginKey.PORT, "3000", OriginKey.SCHEME, "\"http\""));
        Record record = new Record(blog().name(), row);
        EdgeView view = VIEW.with(
                SITE.with(document).with(new NameRecords(record.name(), new Stamp(1, 0, "test"), List.of(record))));
        for (String host : List.of("blog.example.com", "to-blog.example.com")) {
            HostRoute route = ((Lookup.Routed) HostTable.find(view, DomainName.of(host))).route();
            OriginSettings settings = route.settings(route.origins().getFirst());
            assertThat(settings.port()).hasValue(3000);
            assertThat(settings.host()).contains("app");
            assertThat(settings.scheme()).as("strict has its way").contains(OriginScheme.HTTPS);
            assertThat(route.settings().tls()).contains(OriginTlsMode.STRICT);
        }
        HostRoute other = ((Lookup.Routed) HostTable.find(view, DomainName.of("to-sister.example.com"))).route();
        assertThat(other.settings()).isEqualTo(ProxySettings.DEFAULTS);
        assertThat(other.settings(other.origins().getFirst())).isSameAs(OriginSettings.NONE);
    }

    private static Record blog() {
        return SITE.at(DomainName.of("blog.example.com"))
                .orElseThrow()
                .records()
                .getFirst();
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "shop.example.com, NotProxied",
        "to-partial.example.com, NotProxied",
        "only-text.example.com, NotProxied",
        "to-shop.example.com, NotProxied",
        "to-elsewhere.example.com, NotProxied",
        "to-paused.example.com, NotProxied",
        "to-itself.example.com, NotProxied",
        "taken.wild.example.com, NotProxied",
        "x.dnsonly.example.com, NotProxied",
        "nothing.example.com, UnknownHost",
        "between.wild.example.com, UnknownHost",
        "x.between.wild.example.com, UnknownHost",
        "x.taken.wild.example.com, UnknownHost",
        "wild.example.com, UnknownHost",
        "x.below.wild.example.com, UnknownHost",
        "child.example.com, Delegated",
        "x.child.example.com, Delegated",
        "elsewhere.test, UnknownHost",
        "test, UnknownHost",
        "www.paused.test, ZoneNotProxying",
        "www.pending.test, ZoneNotProxying",
    })
    void a_host_without_route_has_a_reason(String host, String reason) {
        assertThat(find(host).getClass().getSimpleName()).isEqualTo(reason);
    }

    @Test
    void a_look_up_costs_microseconds_in_a_zone_of_100_000_names() {
        ZoneState big = Zones.active("big.test", "*.deep.er A 192.0.2.9 proxied");
        for (int i = 0; i < 100_000; i++) {
            DomainName name = DomainName.of("n" + i + ".big.test");
            big = big.with(SITE.at(DomainName.of("blog.example.com"))
                    .map(r -> Zones.renamed(r, name))
                    .orElseThrow());
        }
        EdgeView view = VIEW.with(big);
        DomainName exact = DomainName.of("n4711.big.test");
        DomainName wild = DomainName.of("x.y.deep.er.big.test");
        int rounds = 10_000;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int i = 0; i < rounds; i++) {
                assert HostTable.find(view, exact) instanceof Lookup.Routed;
                assert HostTable.find(view, wild) instanceof Lookup.Routed;
            }
            best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
        }
        assertThat(Duration.ofNanos(best / (2L * rounds))).isLessThan(Duration.ofNanos(50_000));
    }

    private static Lookup find(String host) {
        return HostTable.find(VIEW, DomainName.of(host));
    }

    @ParameterizedTest
    @CsvSource({"www.partial.test", "alias.partial.test"})
    void hosts_of_a_partial_zone_have_a_route_and_its_aliases_inside_it_are_followed(String host) {
        assertThat(find(host))
                .isInstanceOfSatisfying(
                        Lookup.Routed.class,
                        routed -> assertThat(routed.route().origins().stream().map(Record::content))
                                .containsExactly("192.0.2.50"));
    }
}
