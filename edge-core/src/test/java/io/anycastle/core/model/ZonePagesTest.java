package io.anycastle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.PageTemplate.Place;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A zone's own pages as they are stored, and what is found in them. */
class ZonePagesTest {
    private static final Stamp STAMP = new Stamp(1, 0, "n");

    private static ZoneState zone(String... documents) {
        ZoneState zone = ZoneState.empty(new Zone(
                "0".repeat(32),
                DomainName.of("example.com"),
                ZoneType.FULL,
                ZoneStatus.ACTIVE,
                false,
                1,
                1,
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty()));
        for (String document : documents) {
            String[] parts = document.split(" ", 2);
            zone = zone.with(new Document(parts[0], STAMP, Optional.of(parts[1].replace('\'', '"'))));
        }
        return zone;
    }

    private static String page(ZoneState zone, int number) {
        return zone.pages()
                .errors()
                .page(number)
                .map(page -> page.filled(Place::name))
                .orElse("");
    }

    @Test
    void an_error_has_its_own_page_before_that_of_its_class() {
        ZoneState zone = zone(
                "proxy/pages/5xx {'html':'<p>five</p>'}",
                "proxy/pages/521 {'html':'<p>down</p>'}",
                "proxy/pages/1xxx {'html':'<p>names</p>'}",
                "proxy/pages/404 7");
        assertThat(page(zone, 521)).isEqualTo("<p>down</p>");
        assertThat(page(zone, 522)).isEqualTo("<p>five</p>");
        assertThat(page(zone, 1016)).isEqualTo("<p>names</p>");
        assertThat(page(zone, 400)).isEmpty();
        assertThat(page(zone, 404)).isEmpty();
    }

    @Test
    void a_page_that_is_taken_away_is_gone_and_the_others_stay() {
        ZoneState zone = zone("proxy/pages/5xx {'html':'a'}", "proxy/pages/521 {'html':'b'}");
        ZoneState after = zone.with(new Document("proxy/pages/521", STAMP, Optional.empty()));
        assertThat(page(zone, 521)).isEqualTo("b");
        assertThat(page(after, 521)).isEqualTo("a");
        assertThat(zone().pages()).isSameAs(ZonePages.NONE);
    }

    @Test
    void what_changes_beside_them_does_not_read_them_again() {
        ZoneState zone = zone("proxy/pages/5xx {'html':'a'}");
        ZonePages pages = zone.pages();
        assertThat(zone.withZone(zone.zone()).pages()).isSameAs(pages);
        assertThat(zone.with(new NameRecords(DomainName.of("a.example.com"), STAMP, List.of()))
                        .pages())
                .isSameAs(pages);
    }

    @Test
    void places_are_filled_in_and_what_is_none_stays() {
        PageTemplate page = PageTemplate.of(
                "::CLOUDFLARE_ERROR_500S_BOX::::CLOUDFLARE_ERROR_1000S_BOX::<i>::RAY_ID::</i> ::CLIENT_IP:: ::GEO:: ::NONE:: a::before ::");
        assertThat(page.filled(place -> "[" + place + "]"))
                .isEqualTo("[ERROR_BOX][ERROR_BOX]<i>[RAY]</i> [CLIENT] [COUNTRY] ::NONE:: a::before ::");
        assertThat(PageTemplate.unknownIn("::RAY_ID:: ::RAYID:: a::b:: ::X:: ::X::"))
                .containsExactly("::RAYID::", "::X::");
    }

    @ParameterizedTest
    @CsvSource({
        "521, 521",
        "1016, 1016",
        "5xx, 5xx",
        "1xxx, 1xxx",
        "500_errors, 5xx",
        "1000_errors, 1xxx",
        "5XX, ''",
        "xx, ''",
        "52, ''",
        "a/b, ''"
    })
    void a_page_is_for_a_number_or_a_class(String text, String subject) {
        assertThat(ErrorPages.subject(text).orElse("")).isEqualTo(subject);
    }

    @Test
    void maintenance_concerns_everybody_but_those_who_are_let_through() {
        Maintenance maintenance = zone("proxy/maintenance {'enabled':true,'html':'<p>::RAY_ID::</p>','retry_after':60,"
                        + "'allowed_networks':['192.0.2.0/24','nonsense','2001:db8::1'],'later':1}")
                .pages()
                .maintenance();
        assertThat(maintenance.concerns(InetAddress.ofLiteral("192.0.2.9"))).isFalse();
        assertThat(maintenance.concerns(InetAddress.ofLiteral("2001:db8::1"))).isFalse();
        assertThat(maintenance.concerns(InetAddress.ofLiteral("2001:db8::2"))).isTrue();
        assertThat(maintenance.concerns(InetAddress.ofLiteral("198.51.100.1"))).isTrue();
        assertThat(maintenance.retryAfterSeconds()).hasValue(60);
        assertThat(maintenance.page().orElseThrow().filled(Place::name)).isEqualTo("<p>RAY</p>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no json",
                "[]",
                "{'enabled':false}",
                "{'enabled':'perhaps'}",
                "{'retry_after':0,'html':7,'allowed_networks':{}}"
            })
    void what_cannot_be_read_takes_no_site_down(String json) {
        Maintenance maintenance = Maintenance.parsed(json.replace('\'', '"'));
        assertThat(maintenance.concerns(InetAddress.ofLiteral("192.0.2.9"))).isFalse();
        assertThat(maintenance.page()).isEmpty();
        assertThat(maintenance.retryAfterSeconds()).isEmpty();
    }

    @Test
    void pages_stand_in_the_place_of_origins_where_the_zone_says_so() {
        String page = "proxy/pages/5xx {'html':'a'}";
        assertThat(zone(page).pages().replacesOrigins()).isFalse();
        assertThat(zone(page, "proxy/settings {'origin_error_page_pass_thru':'off'}")
                        .pages()
                        .replacesOrigins())
                .isTrue();
    }
}
