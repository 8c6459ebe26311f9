package io.anycastle.dns.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneStatus;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.answer.Asking;
import io.anycastle.dns.wire.WireName;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** Zones that are hard to make answers of. */
class ZoneCompilerTest {
    @Test
    void a_record_that_cannot_be_compiled_keeps_no_other_from_being_answered() {
        ZoneState zone = ZoneText.active("example.com", "www 300 A 192.0.2.1");
        DomainName bad = DomainName.of("bad.example.com");
        Asking edge = new Asking(zone.with(ZoneText.names(bad, List.of(broken(bad)))));
        assertThat(edge.told("www.example.com.", "A")).startsWith("NOERROR aa | www");
        edge.view.update(
                zone.with(ZoneText.names(bad, List.of(ZoneText.record(bad, "@ 300 A 192.0.2.2")))), Set.of(bad));
        assertThat(edge.told("bad.example.com.", "A")).isEqualTo("NOERROR aa | bad.example.com. A 192.0.2.2 | |");
    }

    @Test
    void a_zone_whose_name_is_as_long_as_names_get_is_answered() {
        String label = "x".repeat(63);
        String name = String.join(".", label, label, label, "y".repeat(61));
        Asking edge = new Asking(ZoneText.active(name, "@ 300 A 192.0.2.1"));
        assertThat(edge.told(name + ".", "A")).startsWith("NOERROR aa");
        assertThat(edge.told(name + ".", "TXT")).startsWith("NOERROR aa | | " + name);
    }

    @Test
    void a_change_of_one_name_shows_in_the_serial_of_the_zone_and_of_what_it_denies() {
        ZoneState zone = ZoneText.active("example.com", "www 300 A 192.0.2.1");
        Asking edge = new Asking(zone);
        DomainName added = DomainName.of("added.example.com");
        ZoneState next = zone.withZone(ZoneText.zone("example.com", ZoneStatus.ACTIVE, false, 70_000))
                .with(ZoneText.names(added, List.of(ZoneText.record(added, "@ 300 A 192.0.2.2"))));
        edge.view.update(next, Set.of(added));
        assertThat(serial(edge, "example.com.", Section.ANSWER)).isEqualTo(70_000);
        assertThat(serial(edge, "no.example.com.", Section.AUTHORITY)).isEqualTo(70_000);
    }

    @Test
    void a_zone_that_is_paused_without_a_change_of_names_stops_proxying() {
        ZoneState zone = ZoneText.active("example.com", "proxied www 1 A 192.0.2.1");
        Asking edge = new Asking(zone);
        assertThat(edge.told("www.example.com.", "A")).contains("198.51.100.1");
        edge.view.update(zone.withZone(ZoneText.zone("example.com", ZoneStatus.ACTIVE, true, 2)), Set.of());
        assertThat(edge.told("www.example.com.", "A")).contains("192.0.2.1");
    }

    @Test
    void answers_are_made_once_of_a_name_that_was_there_at_the_start_and_of_one_that_has_just_changed() {
        ZoneState zone = ZoneText.active("example.com", "old 300 A 192.0.2.1\nnew 300 A 192.0.2.1");
        Asking edge = new Asking(zone);
        DomainName changed = DomainName.of("new.example.com");
        edge.view.update(
                zone.with(ZoneText.names(changed, List.of(ZoneText.record(changed, "@ 300 A 192.0.2.2")))),
                Set.of(changed));
        for (String name : List.of("old.example.com", "new.example.com")) {
            assertThat(inTable(edge.table, name)).isNotNull().isSameAs(inTable(edge.table, name));
        }
        assertThat(edge.told("new.example.com.", "A")).contains("192.0.2.2");
    }

    /** What a query for a name directly below its zone finds. */
    private static @Nullable NameAnswers inTable(AnswerTable table, String text) {
        WireName name = new WireName();
        name.set(DomainName.of(text).wire());
        AnswerTable.Reader reader = table.reader();
        reader.begin();
        long hash = table.hash().root();
        for (int label = name.labels() - 1; label > 0; label--) {
            hash = table.hash().below(hash, name, label);
        }
        NameAnswers apex = Objects.requireNonNull(reader.apex(hash, name, 1));
        long own = table.hash().below(hash, name, 0);
        return reader.name(Objects.requireNonNull(apex.zone()), own, name, 0);
    }

    private static long serial(Asking edge, String name, int section) {
        var records = edge.ask(Asking.query(name, "SOA")).getSection(section);
        return ((SOARecord) records.getFirst()).getSerial();
    }

    private static Record broken(DomainName name) {
        Record alias = ZoneText.record(name, "@ 300 CNAME elsewhere.test.");
        return new Record(
                alias.id(),
                name,
                alias.type(),
                alias.content(),
                alias.priority(),
                alias.ttl(),
                false,
                alias.settings(),
                "",
                List.of(),
                alias.createdOn(),
                alias.modifiedOn(),
                Rdata.of(new byte[] {9}));
    }
}
