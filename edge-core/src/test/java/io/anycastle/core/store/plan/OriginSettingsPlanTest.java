package io.anycastle.core.store.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordPatch;
import io.anycastle.core.model.SettingsPatch;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeOutcome.EditError;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an origin is asked stays said until somebody says otherwise, and never against the TLS that a zone demands. */
class OriginSettingsPlanTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final String SAID = "{PORT=8080, SCHEME=\"http\"}";

    private final AtomicLong ids = new AtomicLong();
    private final ChangePlanner planner =
            new ChangePlanner(new ZoneRules(Set.of(), List.of(DomainName.of("ns1.edge.test")), true, 30, 86_400));

    private Plan plan(ZoneState before, Edit... edits) {
        return plan(Optional.of(before), edits);
    }

    private Plan plan(Optional<ZoneState> before, Edit... edits) {
        var context = new ChangePlanner.Context(
                Instant.EPOCH, new Stamp(1, 0, "n"), () -> String.format("%032x", ids.incrementAndGet()));
        return planner.plan(before, ChangeSet.of(ZONE, edits), context);
    }

    private static ZoneState after(Plan plan) {
        assertThat(plan).isInstanceOf(Plan.Planned.class);
        return ((Plan.Planned) plan).after().orElseThrow();
    }

    private static FieldError error(Plan plan) {
        assertThat(plan).isInstanceOf(Plan.Refused.class);
        assertThat(((Plan.Refused) plan).errors()).hasSize(1);
        return ((Plan.Refused) plan)
                .errors().stream().map(EditError::error).findFirst().orElseThrow();
    }

    private ZoneState zone(Edit... edits) {
        return after(plan(after(plan(Optional.empty(), new Edit.CreateZone(ZoneType.FULL, List.of()))), edits));
    }

    private static RecordDraft asked(String name, String origin) {
        return RecordDraft.of(name, "A", "192.0.2.1").withOrigin(OriginDraft.among(origin.replace('\'', '"')));
    }

    private static Record www(ZoneState zone) {
        return zone.at(DomainName.of("www.example.com")).orElseThrow().records().getFirst();
    }

    private ZoneState withWww() {
        return zone(new Edit.CreateRecord(asked("www", "{'origin_port':8080,'origin_scheme':'http'}")));
    }

    private static RecordPatch patch(Optional<String> type, SettingsPatch settings, String origin) {
        return new RecordPatch(
                Optional.empty(),
                type,
                type.isPresent() ? Optional.of("target.example") : Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                settings,
                Optional.empty(),
                Optional.empty(),
                OriginDraft.among(origin.replace('\'', '"')));
    }

    private static Edit settings(String json) {
        return new Edit.PutDocument(ProxySettings.KEY, json.replace('\'', '"'));
    }

    @Test
    void a_record_that_is_replaced_or_patched_by_who_does_not_know_them_keeps_them() {
        ZoneState before = withWww();
        String id = www(before).id();
        ZoneState replaced = after(plan(before, new Edit.ReplaceRecord(id, RecordDraft.of("www", "A", "192.0.2.9"))));
        assertThat(www(replaced).content()).isEqualTo("192.0.2.9");
        assertThat(www(replaced).origin()).hasToString(SAID);
        SettingsPatch flattened = new SettingsPatch(Optional.of(false), Optional.empty(), Optional.of(false));
        for (SettingsPatch settings : List.of(SettingsPatch.NONE, flattened)) {
            ZoneState patched = after(plan(before, new Edit.PatchRecord(id, patch(Optional.empty(), settings, "{}"))));
            assertThat(www(patched).origin()).hasToString(SAID);
        }
    }

    @Test
    void one_key_is_changed_or_taken_away_and_the_others_stay() {
        ZoneState before = withWww();
        String id = www(before).id();
        ZoneState patched = after(plan(
                before, new Edit.PatchRecord(id, patch(Optional.empty(), SettingsPatch.NONE, "{'origin_port':null}"))));
        assertThat(www(patched).origin()).hasToString("{SCHEME=\"http\"}");
        ZoneState replaced = after(
                plan(before, new Edit.ReplaceRecord(id, asked("www", "{'origin_sni':'app','origin_port':3000}"))));
        assertThat(www(replaced).origin()).hasToString("{PORT=3000, SCHEME=\"http\", SNI=\"app\"}");
    }

    @Test
    void a_record_of_another_type_has_none_and_a_cname_keeps_them() {
        ZoneState before = withWww();
        String id = www(before).id();
        ZoneState cname =
                after(plan(before, new Edit.PatchRecord(id, patch(Optional.of("CNAME"), SettingsPatch.NONE, "{}"))));
        assertThat(www(cname).origin()).hasToString(SAID);
        ZoneState ns =
                after(plan(before, new Edit.PatchRecord(id, patch(Optional.of("NS"), SettingsPatch.NONE, "{}"))));
        assertThat(www(ns).origin().isEmpty()).isTrue();
        FieldError refused = error(plan(
                before,
                new Edit.CreateRecord(RecordDraft.of("x", "TXT", "text")
                        .withOrigin(OriginDraft.among("{\"origin_port\":80,\"origin_sni\":null}")))));
        assertThat(refused.sentence()).isEqualTo("settings.origin_port '80': only an A, AAAA or CNAME record has it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "origin_pull"})
    void a_zone_that_demands_tls_takes_no_record_and_no_default_without(String mode) {
        ZoneState strict = zone(settings("{'ssl':'" + mode + "'}"));
        for (String without : List.of(
                "{'origin_scheme':'http'}",
                "{'origin_scheme':'h2c'}",
                "{'routes':[{'path':'/a','origin':'192.0.2.2','scheme':'http'}]}")) {
            FieldError refused = error(plan(strict, new Edit.CreateRecord(asked("www", without))));
            assertThat(refused.field()).startsWith("settings.");
            assertThat(refused.rule())
                    .isEqualTo("in a zone whose TLS mode is " + mode + " origins are asked in TLS: expected https");
        }
        after(plan(strict, new Edit.CreateRecord(asked("www", "{'origin_scheme':'https','origin_port':8443}"))));
        FieldError refused = error(plan(strict, settings("{'ssl':'" + mode + "','origin_scheme':'http'}")));
        assertThat(refused.field()).isEqualTo("origin_scheme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'origin_scheme':'h2c'}",
                "{'routes':[{'path':'/a','origin':'192.0.2.2','scheme':'h2c'}]}",
                "{'origin_fallback':{'origin':'192.0.2.2','scheme':'h2c'}}"
            })
    void the_proxy_protocol_and_http2_are_not_said_of_the_same_origin(String http2) {
        ZoneState sending = zone(settings("{'origin_proxy_protocol':'v2'}"));
        FieldError refused = error(plan(sending, new Edit.CreateRecord(asked("www", http2))));
        assertThat(refused.field()).startsWith("settings.");
        assertThat(refused.rule()).startsWith("connections that begin with the PROXY protocol carry no HTTP/2");
        String otherwise = http2.substring(0, http2.length() - 1) + ",'origin_proxy_protocol':'off'}";
        ZoneState asked = after(plan(sending, new Edit.CreateRecord(asked("www", otherwise))));
        error(plan(
                asked,
                new Edit.PatchRecord(
                        www(asked).id(),
                        patch(Optional.empty(), SettingsPatch.NONE, "{'origin_proxy_protocol':'V2'}"))));
        assertThat(error(plan(zone(), settings(otherwise.replace("off", "v2")))).rule())
                .startsWith("connections that begin");
        ZoneState silent = after(plan(zone(), new Edit.CreateRecord(asked("www", http2))));
        assertThat(error(plan(silent, settings("{'origin_proxy_protocol':'v2'}")))
                        .sentence())
                .isEqualTo(
                        "origin_proxy_protocol '\"v2\"': these records' origins would be asked both by h2c and with the PROXY"
                                + " protocol, which HTTP/2 cannot carry: www.example.com A 192.0.2.1");
        after(plan(silent, settings("{'origin_port':8080}")));
    }

    @Test
    void a_record_that_a_merge_has_brought_into_such_a_zone_is_changed_in_its_other_fields() {
        ZoneState strict = zone(settings("{'ssl':'strict'}"));
        ZoneState merged = after(plan(
                strict,
                new Edit.RestoreName(
                        withWww().at(DomainName.of("www.example.com")).orElseThrow())));
        String id = www(merged).id();
        ZoneState moved = after(plan(merged, new Edit.ReplaceRecord(id, RecordDraft.of("www", "A", "192.0.2.9"))));
        assertThat(www(moved).content()).isEqualTo("192.0.2.9");
        assertThat(www(moved).origin()).hasToString(SAID);
        after(plan(merged, settings("{'ssl':'strict','origin_port':8443}")));
        error(plan(merged, new Edit.ReplaceRecord(id, asked("www", "{'origin_scheme':'h2c'}"))));
    }

    @Test
    void a_zone_with_records_without_tls_does_not_begin_to_demand_it_and_names_them() {
        ZoneState before = withWww();
        assertThat(error(plan(before, settings("{'ssl':'strict'}"))).sentence())
                .isEqualTo(
                        "ssl 'strict': these records' origins are asked without TLS, by origin_scheme, origin_fallback or a route:"
                                + " www.example.com A 192.0.2.1");
        after(plan(before, settings("{'ssl':'full'}")));
        String id = www(before).id();
        after(plan(
                before,
                new Edit.PatchRecord(id, patch(Optional.empty(), SettingsPatch.NONE, "{'origin_scheme':null}")),
                settings("{'ssl':'strict'}")));
        Edit[] many = new Edit[7];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Edit.CreateRecord(asked("n" + i, "{'origin_scheme':'http'}"));
        }
        assertThat(error(plan(zone(many), settings("{'ssl':'strict'}"))).rule()).endsWith(" and 2 more");
    }
}
