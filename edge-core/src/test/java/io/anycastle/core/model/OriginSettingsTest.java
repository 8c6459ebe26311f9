package io.anycastle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of what is said of an origin holds. */
class OriginSettingsTest {
    private static final String ROUTES = """
            [{"path":"/","origin":"192.0.2.1"},{"path":"/api","origin":"192.0.2.2","scheme":"http"},\
            {"path":"/api/v2","origin":"192.0.2.3"}]""";

    private static OriginSettings of(OriginKey key, String json) {
        return OriginSettings.of(Map.of(key, json));
    }

    @ParameterizedTest
    @CsvSource({
        "/, 192.0.2.1",
        "/apis, 192.0.2.1",
        "/api, 192.0.2.2",
        "/api/, 192.0.2.2",
        "/api/v1/x, 192.0.2.2",
        "/api/v2x, 192.0.2.2",
        "/api/v2, 192.0.2.3",
        "/api/v2/x, 192.0.2.3",
        "/API, 192.0.2.1"
    })
    void the_longest_path_of_whole_segments_decides(String path, String origin) {
        assertThat(of(OriginKey.ROUTES, ROUTES).route(path))
                .map(OriginRoute::origin)
                .contains(origin);
    }

    @Test
    void where_no_route_holds_the_path_there_is_none() {
        OriginSettings only = of(OriginKey.ROUTES, "[{\"path\":\"/api\",\"origin\":\"192.0.2.2\"}]");
        assertThat(only.route("/")).isEmpty();
        assertThat(OriginSettings.NONE.route("/")).isEmpty();
    }

    @Test
    void a_record_has_its_own_before_those_of_its_zone_key_by_key() {
        OriginSettings zone = OriginSettings.of(
                Map.of(OriginKey.PORT, "8080", OriginKey.SCHEME, "\"http\"", OriginKey.ROUTES, ROUTES));
        OriginSettings record = OriginSettings.of(Map.of(OriginKey.SCHEME, "\"https\"", OriginKey.ROUTES, "[]"));
        OriginSettings both = record.over(zone);
        assertThat(both.port()).hasValue(8080);
        assertThat(both.scheme()).contains(OriginScheme.HTTPS);
        assertThat(both.routes()).isEmpty();
        assertThat(both).isEqualTo(OriginSettings.of(both.json()));
        assertThat(OriginSettings.NONE.over(zone)).isSameAs(zone);
        assertThat(record.over(OriginSettings.NONE)).isSameAs(record);
    }

    @Test
    void a_zone_that_demands_tls_has_it_whatever_a_merge_has_brought_together() {
        OriginSettings plain = OriginSettings.of(Map.of(
                OriginKey.SCHEME,
                "\"h2c\"",
                OriginKey.ROUTES,
                ROUTES,
                OriginKey.FALLBACK,
                "{\"origin\":\"192.0.2.9\",\"scheme\":\"http\"}"));
        assertThat(plain.withoutTls()).containsExactly(OriginKey.SCHEME, OriginKey.ROUTES, OriginKey.FALLBACK);
        OriginSettings tls = plain.withTls();
        assertThat(tls.scheme()).contains(OriginScheme.HTTPS);
        assertThat(tls.withoutTls()).isEmpty();
        assertThat(tls.routes()).extracting(OriginRoute::origin).hasSize(3);
        assertThat(tls.fallback()).map(OriginRoute::origin).contains("192.0.2.9");
        assertThat(of(OriginKey.PORT, "80").withTls()).isEqualTo(of(OriginKey.PORT, "80"));
    }

    @Test
    void what_a_newer_version_says_under_a_known_key_is_kept_and_means_nothing() {
        OriginSettings newer = of(OriginKey.SCHEME, "\"h3\"");
        assertThat(newer.scheme()).isEmpty();
        assertThat(newer.json()).containsEntry(OriginKey.SCHEME, "\"h3\"");
        assertThat(of(OriginKey.PORT, "no json").port()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"ssl\":\"strict\",\"origin_port\":8080}", "{\"ssl\":\"origin_pull\",\"origin_port\":8080}"})
    void the_settings_of_a_zone_are_read_from_its_document(String json) {
        ProxySettings settings = ProxySettings.parsed(json);
        assertThat(settings.demandsTls()).isTrue();
        assertThat(settings.origin().port()).hasValue(8080);
        assertThat(ProxySettings.parsed("{\"ssl\":\"newest\"}").tls()).isEmpty();
        assertThat(ProxySettings.parsed("no json")).isEqualTo(ProxySettings.DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api=192.0.2.20",
                "/api=192.0.2.20:8080",
                "/=https://app.example.net",
                "/a=b=h2c://[2001:db8::1]:8443",
                "/x=[2001:db8::1]"
            })
    void a_route_is_written_as_it_is_read(String text) {
        var read = RouteSpelling.read(text);
        OriginSettings settings = of(OriginKey.ROUTES, "[" + read + "]");
        assertThat(RouteSpelling.write(settings.routes().getFirst())).isEqualTo(text);
    }

    @Test
    void a_route_without_an_origin_has_an_empty_one() {
        assertThat(RouteSpelling.read("/api")).hasToString("{\"path\":\"/api\",\"origin\":\"\"}");
        assertThat(RouteSpelling.read("/api=a:b:c").path("origin").textValue()).isEqualTo("a:b:c");
    }
}
