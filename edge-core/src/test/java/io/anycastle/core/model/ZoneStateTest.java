package io.anycastle.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A zone's records at one version: RFC 4592 section 2.2 says which names exist. */
class ZoneStateTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final Stamp STAMP = new Stamp(1, 0, "n");

    private static String id(String digit) {
        return "0".repeat(32 - digit.length()) + digit;
    }

    private static Record record(String id, String name) {
        return new Record(
                id(id),
                DomainName.inZone(name, ZONE),
                RecordType.A,
                "192.0.2.1",
                OptionalInt.empty(),
                Ttl.AUTO,
                false,
                RecordSettings.NONE,
                "",
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH,
                Rdata.of(new byte[] {(byte) 192, 0, 2, 1}));
    }

    private static NameRecords at(String name, String... ids) {
        return new NameRecords(
                DomainName.inZone(name, ZONE),
                STAMP,
                Stream.of(ids).map(id -> record(id, name)).toList());
    }

    private static ZoneState zone(NameRecords... names) {
        ZoneState state = ZoneState.empty(new Zone(
                "z",
                ZONE,
                ZoneType.FULL,
                ZoneStatus.ACTIVE,
                false,
                1,
                1,
                List.of(DomainName.of("ns.example.net")),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty()));
        for (NameRecords records : names) {
            state = state.with(records);
        }
        return state;
    }

    private static boolean exists(ZoneState zone, String name) {
        return zone.exists(DomainName.inZone(name, ZONE));
    }

    @Test
    void an_empty_non_terminal_exists() {
        ZoneState zone = zone(at("a.b.c", "1"), at("bb", "2"));
        assertThat(exists(zone, "a.b.c")).isTrue();
        assertThat(exists(zone, "b.c")).isTrue();
        assertThat(exists(zone, "c")).isTrue();
        assertThat(exists(zone, "x.b.c")).isFalse();
        assertThat(exists(zone, "b")).isFalse();
        assertThat(exists(zone, "a.a.b.c")).isFalse();
    }

    @Test
    void the_apex_exists_even_without_records() {
        assertThat(exists(zone(), "@")).isTrue();
        assertThat(exists(zone(), "www")).isFalse();
    }

    @Test
    void a_wildcard_exists_as_a_name_but_what_it_covers_does_not() {
        ZoneState zone = zone(at("*.w", "1"));
        assertThat(exists(zone, "*.w")).isTrue();
        assertThat(exists(zone, "w")).isTrue();
        assertThat(exists(zone, "x.w")).isFalse();
    }

    @Test
    void names_lie_in_canonical_order_so_that_descendants_follow() {
        ZoneState zone = zone(at("z", "1"), at("a.m", "2"), at("m", "3"), at("m-x", "4"), at("@", "5"), at("*.m", "6"));
        assertThat(zone.names().keySet())
                .extracting(DomainName::toString)
                .containsExactly(
                        "example.com",
                        "m.example.com",
                        "*.m.example.com",
                        "a.m.example.com",
                        "m-x.example.com",
                        "z.example.com");
    }

    @Test
    void a_tombstone_takes_the_name_and_its_records_away() {
        ZoneState zone = zone(at("www", "1", "2"), at("ftp", "3"));
        assertThat(zone.recordCount()).isEqualTo(3);
        ZoneState after = zone.with(at("www"));
        assertThat(after.recordCount()).isEqualTo(1);
        assertThat(after.record(id("1"))).isEmpty();
        assertThat(after.at(DomainName.of("www.example.com"))).isEmpty();
        assertThat(zone.record(id("1"))).isPresent();
    }

    @Test
    void a_record_is_found_by_its_id() {
        ZoneState zone = zone(at("www", "1", "2"), at("ftp", "3"));
        assertThat(zone.record(id("2"))).map(Record::name).contains(DomainName.of("www.example.com"));
        assertThat(zone.record(id("9"))).isEmpty();
    }

    @Test
    void a_record_that_moves_to_another_name_is_found_there_whichever_name_changes_first() {
        ZoneState zone = zone(at("www", "1"), at("ftp", "2"));
        ZoneState goesFirst = zone.with(at("www")).with(at("web", "1"));
        ZoneState comesFirst = zone.with(at("web", "1")).with(at("www"));
        for (ZoneState moved : List.of(goesFirst, comesFirst)) {
            assertThat(moved.record(id("1"))).map(Record::name).contains(DomainName.of("web.example.com"));
            assertThat(moved.recordCount()).isEqualTo(2);
        }
    }

    @Test
    void many_names_at_once_make_the_same_zone_as_one_after_the_other() {
        Random random = new Random(3);
        ZoneState bulk = zone();
        ZoneState slow = zone();
        for (int round = 0; round < 40; round++) {
            Map<String, NameRecords> changed = new LinkedHashMap<>();
            for (int i = random.nextInt(400); i > 0; i--) {
                int n = random.nextInt(500);
                changed.put("h" + n, random.nextInt(4) == 0 ? at("h" + n) : at("h" + n, hex(n)));
            }
            bulk = bulk.with(changed.values());
            for (NameRecords one : changed.values()) {
                slow = slow.with(one);
            }
            assertThat(bulk).isEqualTo(slow);
            assertThat(bulk.recordCount()).isEqualTo(slow.recordCount());
            for (int n = 0; n < 500; n++) {
                assertThat(bulk.record(hex(n))).isEqualTo(slow.record(hex(n)));
            }
        }
        assertThat(bulk.names()).hasSizeGreaterThan(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void records_of_a_large_zone_are_counted_and_found_by_their_ids_at_once_and_after_a_change(boolean isPrepared) {
        int size = 30_000;
        List<NameRecords> all = Stream.iterate(0, n -> n < size, n -> n + 1)
                .map(n -> at("h" + n, hex(n)))
                .toList();
        ZoneState large = zone().with(all);
        if (isPrepared) {
            large.prepareIndex();
        }
        assertThat(large.recordCount()).isEqualTo(size);
        ZoneState changed = large.with(at("h7"))
                .with(at("new", hex(size)))
                .with(at("moved", hex(8)))
                .with(at("h8"));
        assertThat(changed.recordCount()).isEqualTo(size);
        assertThat(changed.record(hex(8))).map(Record::name).contains(DomainName.of("moved.example.com"));
        assertThat(changed.record(hex(7))).isEmpty();
        assertThat(changed.record(hex(size))).map(Record::name).contains(DomainName.of("new.example.com"));
        assertThat(large.record(hex(7))).map(Record::name).contains(DomainName.of("h7.example.com"));
        assertThat(large.record(hex(size))).isEmpty();
    }

    private static String hex(int n) {
        return String.format(Locale.ROOT, "%032x", n);
    }
}
