package io.anycastle.core.rdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.FieldError.Kind;
import io.anycastle.core.model.Record;
import io.anycastle.core.model.RecordDraft;
import io.anycastle.core.model.RecordSettings;
import io.anycastle.core.model.Ttl;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a whole draft becomes: names, TTL, proxy switch, comment, tags, and addresses that are no destination. */
class RecordParserTest {
    private static final DomainName ZONE = DomainName.of("example.com");
    private static final RecordIdentity IDENTITY =
            new RecordIdentity("0123456789abcdef0123456789abcdef", Instant.EPOCH, Instant.EPOCH);
    private static final RecordParser PARSER = new RecordParser(
            Set.of(
                    InetAddress.ofLiteral("198.51.100.1"),
                    InetAddress.ofLiteral("2001:db8:ed9e::1"),
                    InetAddress.ofLiteral("127.0.0.1")),
            List.of(DomainName.of("ns1.example.com")),
            30,
            86400);

    private static Record valid(RecordDraft draft) {
        return switch (PARSER.parse(draft, ZONE, IDENTITY)) {
            case ParsedRecord.Valid valid -> valid.record();
            case ParsedRecord.Invalid invalid ->
                throw new AssertionError(invalid.errors().toString());
        };
    }

    private static List<FieldError> errors(RecordDraft draft) {
        return switch (PARSER.parse(draft, ZONE, IDENTITY)) {
            case ParsedRecord.Valid valid ->
                throw new AssertionError(valid.record().toString());
            case ParsedRecord.Invalid invalid -> invalid.errors();
        };
    }

    private static RecordDraft draft(Optional<RecordSettings> settings, String comment, List<String> tags) {
        return new RecordDraft(
                "www",
                "A",
                Optional.of("192.0.2.1"),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                settings,
                Optional.of(comment),
                Optional.of(tags));
    }

    @Test
    void a_draft_with_nothing_said_takes_the_defaults() {
        Record record = valid(RecordDraft.of("Blog", "a", "192.0.2.1"));
        assertThat(record.name()).hasToString("blog.example.com");
        assertThat(record.ttl()).isEqualTo(Ttl.AUTO);
        assertThat(record.proxied()).isFalse();
        assertThat(record.comment()).isEmpty();
        assertThat(record.tags()).isEmpty();
        assertThat(record.rdata()).hasToString("c0000201");
        assertThat(record.id()).isEqualTo(IDENTITY.id());
    }

    @ParameterizedTest
    @CsvSource({
        "@,example.com",
        "example.com,example.com",
        "example.com.,example.com",
        "WWW.Example.COM.,www.example.com",
        "www,www.example.com",
        "*,*.example.com",
        "a.*,a.*.example.com",
        "_443._tcp,_443._tcp.example.com",
        "bücher,xn--bcher-kva.example.com"
    })
    void a_name_may_be_the_apex_relative_absolute_or_international(String spelled, String stored) {
        assertThat(valid(RecordDraft.of(spelled, "A", "192.0.2.1")).name()).hasToString(stored);
    }

    @ParameterizedTest
    @CsvSource({"www.example.org.", "a..b", "http://a", "a b"})
    void a_name_that_is_none_or_lies_elsewhere_is_refused(String spelled) {
        assertThat(errors(RecordDraft.of(spelled, "A", "192.0.2.1")))
                .singleElement()
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_NAME));
    }

    @ParameterizedTest
    @CsvSource({
        "1,true",
        "30,true",
        "300,true",
        "86400,true",
        "0,false",
        "2,false",
        "29,false",
        "86401,false",
        "-1,false"
    })
    void a_ttl_is_automatic_or_in_the_range(int seconds, boolean allowed) {
        RecordDraft draft = RecordDraft.of("www", "A", "192.0.2.1").withTtl(seconds);
        if (allowed) {
            assertThat(valid(draft).ttl().seconds()).isEqualTo(seconds);
        } else {
            assertThat(errors(draft))
                    .extracting(FieldError::sentence)
                    .containsExactly("ttl '" + seconds + "': expected 1 for automatic, or 30 to 86400 seconds");
        }
    }

    @Test
    void a_proxied_record_has_the_automatic_ttl_whatever_was_asked() {
        assertThat(valid(RecordDraft.of("www", "A", "192.0.2.1").withTtl(3600).withProxied(true))
                        .ttl())
                .isEqualTo(Ttl.AUTO);
    }

    @Test
    void only_addresses_and_aliases_can_be_proxied() {
        assertThat(valid(RecordDraft.of("www", "CNAME", "origin.example.net").withProxied(true))
                        .proxied())
                .isTrue();
        assertThat(errors(RecordDraft.of("www", "TXT", "hello").withProxied(true)))
                .extracting(FieldError::kind)
                .containsExactly(Kind.NOT_PROXIABLE);
    }

    @ParameterizedTest
    @CsvSource({"A,198.51.100.1", "A,127.0.0.1", "AAAA,2001:db8:ed9e:0::1", "AAAA,::ffff:198.51.100.1"})
    void the_edge_itself_is_refused(String type, String address) {
        assertThat(errors(RecordDraft.of("www", type, address)))
                .extracting(FieldError::field, FieldError::kind)
                .containsExactly(org.assertj.core.api.Assertions.tuple("content", Kind.INVALID_CONTENT));
    }

    @ParameterizedTest
    @CsvSource({"A,0.0.0.0", "A,224.0.0.1", "A,239.255.255.255", "A,255.255.255.255", "AAAA,::", "AAAA,ff02::1"})
    void an_address_that_is_no_destination_is_refused_where_it_is_proxied_and_nowhere_else(
            String type, String address) {
        assertThat(errors(RecordDraft.of("www", type, address).withProxied(true)))
                .extracting(FieldError::field, FieldError::kind)
                .containsExactly(org.assertj.core.api.Assertions.tuple("content", Kind.INVALID_CONTENT));
        assertThat(valid(RecordDraft.of("www", type, address)).content()).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"A,198.51.100.1", "AAAA,2001:db8:ed9e::1"})
    void a_name_server_of_the_edge_may_have_its_addresses_but_not_as_an_origin(String type, String address) {
        assertThat(valid(RecordDraft.of("ns1", type, address)).content()).isEqualTo(address);
        assertThat(errors(RecordDraft.of("ns1", type, address).withProxied(true)))
                .extracting(FieldError::field)
                .containsExactly("content");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.2", "10.0.0.1", "192.168.1.1", "169.254.1.1"})
    void private_and_loopback_addresses_that_are_not_the_edge_are_origins(String address) {
        assertThat(valid(RecordDraft.of("www", "A", address)).content()).isEqualTo(address);
    }

    @Test
    void an_unknown_type_is_refused_with_the_list_of_types() {
        assertThat(errors(RecordDraft.of("www", "NSEC", "x")))
                .extracting(FieldError::sentence)
                .containsExactly(
                        "type 'NSEC': expected one of A AAAA CAA CERT CNAME DNAME DNSKEY DS HTTPS LOC MX NAPTR NS"
                                + " OPENPGPKEY PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI, or any other type of data as TYPE and its number");
        assertThat(errors(RecordDraft.of("@", "soa", "x")).getFirst().rule())
                .startsWith("the edge makes the SOA itself");
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        RecordDraft draft = new RecordDraft(
                "a..b",
                "MX",
                Optional.of("192.0.2.1"),
                Map.of(),
                Optional.empty(),
                Optional.of(5),
                Optional.of(true),
                Optional.of(new RecordSettings(true, true, true)),
                Optional.of("one\ntwo"),
                Optional.of(List.of("no spaces:x")));
        assertThat(errors(draft))
                .extracting(FieldError::field)
                .containsExactly(
                        "name",
                        "ttl",
                        "comment",
                        "tags",
                        "settings",
                        "settings",
                        "settings",
                        "proxied",
                        "content",
                        "content");
    }

    @Test
    void a_line_break_in_content_is_refused() {
        assertThat(errors(RecordDraft.of("www", "TXT", "a\r\nSet-Cookie: b"))
                        .getFirst()
                        .field())
                .isEqualTo("content");
        assertThat(errors(RecordDraft.of("www", "CNAME", "a.example.net\u2028"))
                        .getFirst()
                        .field())
                .isEqualTo("content");
    }

    @ParameterizedTest
    @CsvSource({"www,CNAME,www.example.com", "www,CNAME,.", "old,DNAME,old.example.com", "old,DNAME,x.old.example.com"})
    void aliases_that_lead_nowhere_are_taken_as_other_servers_take_them(String name, String type, String target) {
        assertThat(valid(RecordDraft.of(name, type, target)).content()).isEqualTo(target);
    }

    @Test
    void a_delegation_cannot_be_a_wildcard_and_a_zones_ds_is_its_parents() {
        assertThat(errors(RecordDraft.of("*", "NS", "ns.example.net"))).hasSize(1);
        assertThat(errors(RecordDraft.of("@", "DS", "1 13 2 " + "ab".repeat(32))))
                .hasSize(1);
    }

    @Test
    void tags_are_name_and_value_and_doubles_count_once() {
        assertThat(valid(draft(Optional.empty(), " a comment ", List.of("owner:dns-team", "x", "owner:dns-team"))))
                .satisfies(r -> assertThat(r.tags()).containsExactly("owner:dns-team", "x:"))
                .satisfies(r -> assertThat(r.comment()).isEqualTo("a comment"));
        assertThat(errors(draft(Optional.empty(), "", List.of("a b:c", ":c", "d:e\nf"))))
                .hasSize(3);
    }

    @Test
    void a_comment_has_at_most_500_characters() {
        assertThat(valid(draft(Optional.empty(), "x".repeat(500), List.of())).comment())
                .hasSize(500);
        assertThat(errors(draft(Optional.empty(), "x".repeat(501), List.of()))).hasSize(1);
    }

    @Test
    void an_error_says_field_value_and_rule() {
        assertThat(errors(RecordDraft.of("www", "A", "1.2.3")))
                .extracting(FieldError::sentence)
                .containsExactly("content '1.2.3': expected an IPv4 address in four decimal parts, like 192.0.2.1");
    }
}
