package io.anycastle.core.zonefile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordType;
import io.anycastle.core.model.Soa;
import io.anycastle.core.model.Stamp;
import io.anycastle.core.model.ZoneState;
import io.anycastle.core.model.ZoneType;
import io.anycastle.core.store.change.ChangeSet;
import io.anycastle.core.store.change.Edit;
import io.anycastle.core.store.change.Plan;
import io.anycastle.core.store.change.ZoneRules;
import io.anycastle.core.store.plan.ChangePlanner;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;

/** What is exported and imported again is the same, whatever the records; and other software can read the export. */
class ZoneFileRoundTripTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final ZoneRules RULES = new ZoneRules(
            Set.of(), List.of(DomainName.of("ns1.edge.test"), DomainName.of("ns2.edge.test")), true, 30, 86400);

    /** Of a CA that nobody has the key of. */
    private static final String CERTIFICATE =
            "MIIBfjCCASWgAwIBAgIUMMAgwfj4PnTLNS61Q+sAKTsy7T8wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJT3JpZ2luIENBMCAXDTI2"
                    + "MTEzMDE5NTMyOFoYDzIxMjYxMTA2MTk1MzI4WjAUMRIwEAYDVQQDDAlPcmlnaW4gQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC"
                    + "AAS4a+TBVeJOwOpbe2cELwdzx7OlGltPQfJhrt9guNygCvSB3cJO6ADLkUwLhh/9Sat2yFe7pbNlwxy9KmRWRR7yo1MwUTAdBgNV"
                    + "HQ4EFgQUyhc1yzf2FnTGXNHE1fCLoL+gJOwwHwYDVR0jBBgwFoAUyhc1yzf2FnTGXNHE1fCLoL+gJOwwDwYDVR0TAQH/BAUwAwEB"
                    + "/zAKBggqhkjOPQQDAgNHADBEAiAnLXH8PoYCUHjb+cHJO+PIN8tr1XAQVlJjttTC56XjfAIgGDVP7iYEQX7kxUCGwp8B2g9Se/Lb"
                    + "Yo5Zsfqv42nTWwU=";

    private static ZoneState zone(List<Edit> records) {
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit.CreateZone(ZoneType.FULL, List.of()));
        edits.addAll(records);
        AtomicLong ids = new AtomicLong();
        var context = new ChangePlanner.Context(
                Instant.EPOCH, new Stamp(1, 0, "n"), () -> String.format("%032x", ids.incrementAndGet()));
        return switch (new ChangePlanner(RULES)
                .plan(Optional.empty(), ChangeSet.of(ZONE, edits.toArray(Edit[]::new)), context)) {
            case Plan.Planned planned -> planned.after().orElseThrow();
            case Plan.Refused refused ->
                throw new AssertionError(refused.errors().toString());
        };
    }

    private static String export(ZoneState zone) throws IOException {
        StringBuilder out = new StringBuilder();
        new ZoneFileWriter(Soa.DEFAULTS, 86_400).write(zone, out);
        return out.toString();
    }

    private static ZoneFile read(String text) throws IOException {
        return new ZoneFileReader(ZONE, RULES, ZoneFileLimits.DEFAULTS).read(new StringReader(text), "export");
    }

    /** All that a record says, without its id and times. */
    private static List<String> said(ZoneState zone) {
        return zone.names().values().stream()
                .flatMap(at -> at.records().stream())
                .map(ZoneFileRoundTripTest::said)
                .sorted()
                .toList();
    }

    private static String said(Record r) {
        return String.join(
                " ",
                r.name().toString(),
                r.type().name(),
                r.priority().toString(),
                r.content(),
                Integer.toString(r.ttl().seconds()),
                Boolean.toString(r.proxied()),
                r.settings().toString(),
                "[" + r.comment() + "]",
                r.tags().toString(),
                r.rdata().toString());
    }

    @Test
    void how_an_origin_is_asked_stands_in_tags_of_the_comment_with_its_certificates() throws IOException {
        String ca = "-----BEGIN CERTIFICATE-----\n" + CERTIFICATE.replaceAll("(.{64})", "$1\n")
                + "\n-----END CERTIFICATE-----\n";
        String json = "{\"origin_port\":8443,\"origin_scheme\":\"https\",\"origin_tls_verify\":true,\"origin_ca\":"
                + TextNode.valueOf(ca) + ",\"routes\":[{\"path\":\"/api\",\"origin\":\"192.0.2.20\",\"port\":8080}]}";
        ZoneState zone = zone(List.of(
                new Edit.CreateRecord(RecordDraft.of("www", "A", "192.0.2.1").withOrigin(OriginDraft.among(json)))));
        String file = export(zone);
        assertThat(file)
                .contains(
                        "cf_tags=cf-proxied:false,edge-origin-port:8443,edge-origin-scheme:https,edge-origin-tls-verify:true,")
                .contains(",edge-route:/api=192.0.2.20:8080\n");
        List<Edit> again = read(file).records().stream()
                .map(record -> (Edit) new Edit.CreateRecord(record.draft()))
                .toList();
        assertThat(said(zone(again))).isEqualTo(said(zone));
        assertThat(read("www 60 A 192.0.2.1 ; cf_tags=edge-origin-port:no,edge-route:/a\n")
                        .errors())
                .singleElement()
                .satisfies(note -> assertThat(note.said())
                        .contains("settings.origin_port 'no': expected a whole number")
                        .contains("settings.routes.0.origin"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void export_and_import_again_is_identity(long seed) throws IOException {
        ZoneState zone = zone(new RandomRecords(seed).edits(300));
        ZoneFile file = read(export(zone));
        assertThat(file.errors()).isEmpty();
        assertThat(said(zone(file.edits()))).isEqualTo(said(zone));
    }

    /** Whose text dnsjava does not know. */
    private static String withoutEui48(String export) {
        return export.lines().filter(line -> !line.contains("\tIN\tEUI48\t")).collect(Collectors.joining("\n"));
    }

    /** LOC apart: dnsjava reads altitudes as binary fractions and is a centimetre off at times. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8})
    void dnsjava_reads_the_same_octets_from_an_export(long seed) throws IOException {
        ZoneState zone = zone(new RandomRecords(seed).edits(300));
        List<String> theirs = new ArrayList<>();
        try (Master master = new Master(
                new java.io.ByteArrayInputStream(
                        withoutEui48(export(zone)).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Name.root)) {
            for (org.xbill.DNS.Record r = master.nextRecord(); r != null; r = master.nextRecord()) {
                boolean isOurs = r.getType() != org.xbill.DNS.Type.LOC
                        && RecordType.named(org.xbill.DNS.Type.string(r.getType()))
                                .isPresent();
                if (isOurs
                        && !(r.getType() == org.xbill.DNS.Type.NS && r.getName().labels() == 3)) {
                    theirs.add(r.getName().toString(true) + " "
                            + java.util.HexFormat.of().formatHex(r.rdataToWireCanonical()));
                }
            }
        }
        List<String> ours = zone.names().values().stream()
                .flatMap(at -> at.records().stream())
                .filter(r -> r.type() != RecordType.LOC && !r.type().name().equals("EUI48"))
                .map(r -> r.name() + " " + r.rdata())
                .toList();
        assertThat(theirs).containsExactlyInAnyOrderElementsOf(ours);
    }

    @Test
    void the_generator_makes_every_type_with_fields() {
        ZoneState zone = zone(new RandomRecords(1).edits(300));
        assertThat(zone.names().values().stream()
                        .flatMap(at -> at.records().stream())
                        .map(Record::type)
                        .distinct())
                .containsAll(RecordType.withFields());
    }

    @Test
    void an_export_looks_as_bind_wants_it() throws IOException {
        ZoneFile file = read("""
                www 300 A 192.0.2.1 ; the site cf_tags=cf-proxied:false,owner:"web team",x
                @ MX 10 mail
                txt TXT "gr\\195\\188n"
                svc HTTPS 1 . alpn=h2
                """);
        assertThat(file.errors()).isEmpty();
        assertThat(export(zone(file.edits()))).isEqualTo("""
                        $ORIGIN example.com.
                        example.com.	3600	IN	SOA	ns1.edge.test. hostmaster.example.com. 0 10000 2400 604800 1800
                        example.com.	86400	IN	NS	ns1.edge.test.
                        example.com.	86400	IN	NS	ns2.edge.test.
                        example.com.	300	IN	MX	10 mail.example.com.
                        svc.example.com.	300	IN	HTTPS	1 . alpn="h2"
                        txt.example.com.	300	IN	TXT	"gr\\195\\188n"
                        www.example.com.	300	IN	A	192.0.2.1 ; the site cf_tags=cf-proxied:false,owner:"web team",x
                        """);
    }
}
