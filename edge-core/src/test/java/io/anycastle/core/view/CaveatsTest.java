package io.anycastle.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.NameRecords;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of records that are kept, but answered otherwise than one may think. */
class CaveatsTest {
    private static String told(ZoneState zone, String name, String type) {
        List<Record> records =
                zone.at(DomainName.of(name)).map(NameRecords::records).orElse(List.of());
        Record record = records.stream()
                .filter(r -> r.type().name().equals(type))
                .findFirst()
                .orElseThrow();
        return String.join("; ", new Caveats(zone).of(record));
    }

    private static ZoneState zone(String rows) {
        return Zones.active("example.com", rows.split(" \\| ", -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        sub NS ns.example.net | sub TXT x ; sub.example.com ; TXT ; it is kept and not answered, because sub.example.com is delegated by its NS records
        sub NS ns.example.net | sub TXT x ; sub.example.com ; NS ; sub.example.com delegates what lies at and below it: records there are kept and not answered, like sub.example.com TXT
        sub NS ns.example.net | sub A 192.0.2.1 ; sub.example.com ; A ; it is kept and not answered, because sub.example.com is delegated by its NS records
        sub NS ns.example.net | x.y.sub CNAME z ; x.y.sub.example.com ; CNAME ; it is kept and not answered, because sub.example.com is delegated by its NS records
        sub NS ns.example.net | deep.sub NS ns.example.org ; deep.sub.example.com ; NS ; it is kept and not answered, because sub.example.com is delegated by its NS records
        old DNAME new.example.net | x.old A 192.0.2.1 ; x.old.example.com ; A ; it is kept and not answered, because old.example.com has a DNAME, which redirects all below it
        old DNAME new.example.net | x.old A 192.0.2.1 ; old.example.com ; DNAME ; old.example.com redirects what lies below it: records there are kept and not answered, like x.old.example.com A
        a CNAME a.example.com ; a.example.com ; CNAME ; the CNAME leads to itself: it is answered as it is, and no address comes of it
        a CNAME b.example.com | b CNAME a.example.com ; a.example.com ; CNAME ; the CNAME leads back to itself by way of b.example.com: it is answered as it is, and no address comes of it
        @ CNAME example.com ; example.com ; CNAME ; the CNAME leads to itself: questions for A and AAAA are answered SERVFAIL
        a CNAME b.example.com | b CNAME a.example.com | b TXT x ; a.example.com ; CNAME ; the CNAME leads back to itself by way of b.example.com: questions for A and AAAA are answered SERVFAIL
        a CNAME x.w.example.com | *.w CNAME a.example.com | *.w TXT x ; a.example.com ; CNAME ; the CNAME leads back to itself by way of x.w.example.com: questions for A and AAAA are answered SERVFAIL
        a CNAME example.com | @ CNAME a.example.com ; a.example.com ; CNAME ; the CNAME leads back to itself by way of example.com: questions for A and AAAA are answered SERVFAIL
        a CNAME b.example.com | b CNAME a.example.com proxied ; a.example.com ; CNAME ;
        a CNAME b.example.com | b CNAME a.example.com proxied ; b.example.com ; CNAME ; the CNAME leads back to itself by way of a.example.com: the proxy finds no origin by it
        *.w CNAME x.w.example.com ; *.w.example.com ; CNAME ;
        a CNAME . ; a.example.com ; CNAME ; the CNAME leads to the root, which has no addresses
        d DNAME d.example.com ; d.example.com ; DNAME ; the DNAME leads to its own name or below: names below it are answered with it and one CNAME, and nothing comes of them
        d DNAME x.d.example.com ; d.example.com ; DNAME ; the DNAME leads to its own name or below: names below it are answered with it and one CNAME, and nothing comes of them
        *.w DNAME d.example.net ; *.w.example.com ; DNAME ; a wildcard's DNAME is answered to who asks for it, and redirects only what lies below *.w.example.com itself
        www CNAME a.example.net | www TXT x ; www.example.com ; TXT ; beside other records the CNAME of www.example.com is answered flattened: questions for A and AAAA get its target's addresses, and nobody sees the CNAME
        www CNAME a.example.net | www TXT x ; www.example.com ; CNAME ; beside other records the CNAME of www.example.com is answered flattened: questions for A and AAAA get its target's addresses, and nobody sees the CNAME
        sub DS 1 13 1 0123456789012345678901234567890123456789 ; sub.example.com ; DS ; there are no NS records at sub.example.com yet: add them first, since without them the DS is answered and delegates nothing
        a.*.w A 192.0.2.1 ; a.*.w.example.com ; A ; an asterisk that is not the first label stands for itself alone (RFC 4592 section 2.1.1): a.*.w.example.com
        """)
    void a_record_that_is_answered_otherwise_than_it_stands_says_so(
            String rows, String name, String type, @org.jspecify.annotations.Nullable String expected) {
        assertThat(told(zone(rows), name, type)).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void of_many_records_the_same_is_said_as_of_few() {
        String[] rows = new String[4 * 300];
        for (int i = 0; i < rows.length; i += 4) {
            rows[i] = "host%d A 192.0.2.1".formatted(i);
            rows[i + 1] = "mixed%d CNAME host%d.example.com".formatted(i, i);
            rows[i + 2] = "mixed%d TXT x".formatted(i);
            rows[i + 3] = i % 8 == 0 ? "x.cut%d A 192.0.2.1".formatted(i) : "cut%d NS ns.example.net".formatted(i - 4);
        }
        ZoneState zone = Zones.active("example.com", rows);
        Caveats caveats = new Caveats(zone);
        zone.names().values().stream()
                .flatMap(at -> at.records().stream())
                .forEach(record -> assertThat(caveats.of(record)).isEqualTo(new Caveats(zone).of(record)));
        assertThat(told(zone, "x.cut0.example.com", "A")).contains("cut0.example.com is delegated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sub NS ns1.sub.example.com | ns1.sub A 192.0.2.1 | sub DS 1 13 1 0123456789012345678901234567890123456789",
                "sub NS sub.example.com | sub A 192.0.2.1",
                "bank NS www.example.com | www NS ns.other.example | www A 192.0.2.1",
                "a NS ns.b.example.com | b NS ns.b.example.com | ns.b A 192.0.2.1 | ns.b AAAA 2001:db8::1",
                "@ CNAME a.example.net | @ TXT x",
                "www A 192.0.2.1 | www TXT x | * CNAME www.example.com | mail CNAME www.example.com",
                "old DNAME new.example.net | old A 192.0.2.1 | old TXT x"
            })
    void what_is_answered_as_it_stands_and_glue_have_no_caveat(String rows) {
        ZoneState zone = zone(rows);
        Caveats caveats = new Caveats(zone);
        assertThat(zone.names().values().stream()
                        .flatMap(at -> at.records().stream())
                        .flatMap(record -> caveats.of(record).stream())
                        .collect(Collectors.toList()))
                .isEmpty();
    }
}
