package io.anycastle.core.rdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.FieldError;
import io.anycastle.core.model.HealthCheck;
import io.anycastle.core.model.OriginBalance;
import io.anycastle.core.model.OriginDraft;
import io.anycastle.core.model.OriginKey;
import io.anycastle.core.model.OriginRoute;
import io.anycastle.core.model.OriginScheme;
import io.anycastle.core.model.OriginSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be said of how an origin is asked, and how it is kept. */
class OriginParserTest {
    private static final OriginParser PARSER =
            new OriginParser("settings.", Set.of(InetAddress.ofLiteral("198.51.100.1")));

    private static OriginSettings said(OriginSettings held, String json) {
        List<FieldError> errors = new ArrayList<>();
        OriginSettings said = PARSER.over(held, OriginDraft.among(json.replace('\'', '"')), errors);
        assertThat(errors).isEmpty();
        return said;
    }

    private static List<FieldError> errors(String json) {
        List<FieldError> errors = new ArrayList<>();
        PARSER.over(OriginSettings.NONE, OriginDraft.among(json.replace('\'', '"')), errors);
        return errors;
    }

    static String authority() throws IOException {
        try (var in = Objects.requireNonNull(OriginParserTest.class.getResourceAsStream("origin-ca.pem"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'origin_port':8080}                      | {PORT=8080}
            {'origin_port':8080.0}                    | {PORT=8080}
            {'origin_scheme':'HTTPS'}                 | {SCHEME="https"}
            {'origin_scheme':'h2c'}                   | {SCHEME="h2c"}
            {'origin_host':'App.Internal:8080'}       | {HOST="app.internal:8080"}
            {'origin_host':'[2001:DB8::1]:8443'}      | {HOST="[2001:db8::1]:8443"}
            {'origin_host':'192.0.2.7'}               | {HOST="192.0.2.7"}
            {'origin_host':'my_app'}                  | {HOST="my_app"}
            {'origin_sni':'b\u00fccher.example.'}     | {SNI="xn--bcher-kva.example"}
            {'origin_tls_verify':false}               | {TLS_VERIFY=false}
            {'routes':[]}                             | {ROUTES=[]}
            {'routes':[{'path':'/api/','origin':'192.0.2.20','port':8080}]} | {ROUTES=[{"path":"/api","origin":"192.0.2.20","port":8080}]}
            {'routes':[{'scheme':'http','origin':'App.Example.','path':'/'}]} | {ROUTES=[{"path":"/","origin":"app.example","scheme":"http"}]}
            {'routes':[{'path':'/a','origin':'2001:db8:0::1','port':null}]} | {ROUTES=[{"path":"/a","origin":"2001:db8::1"}]}
            {'origin_weight':0}                       | {WEIGHT=0}
            {'origin_balance':'cookie_hash:sid'}      | {BALANCE="cookie_hash:sid"}
            {'origin_balance':'least_outstanding'}    | {BALANCE="least_outstanding"}
            {'origin_fallback':{'port':8443,'origin':'Spare.Example.','scheme':'HTTPS'}} | {FALLBACK={"origin":"spare.example","port":8443,"scheme":"https"}}
            {'health_check':{'type':'TCP'}}           | {HEALTH_CHECK={"type":"tcp"}}
            {'health_check':{'type':'none'}}          | {HEALTH_CHECK={"type":"none"}}
            {'health_check':{'path':'/up?a=1','type':'https','method':'head','retries':0,'port':8443,'host':'App.Example.','expected_codes':'2XX, 301','expected_body':'a,b;c','interval':10,'timeout':2}} | {HEALTH_CHECK={"type":"https","expected_body":"a,b;c","expected_codes":"2xx,301","host":"app.example","interval":10,"method":"HEAD","path":"/up?a=1","port":8443,"retries":0,"timeout":2}}
            {'origin_proxy_protocol':'V2'}            | {PROXY_PROTOCOL="v2"}
            {'ipv4_only':true,'unknown':1}            | {}
            """)
    void what_is_said_is_kept_in_one_spelling(String json, String kept) {
        assertThat(said(OriginSettings.NONE, json)).hasToString(kept);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'origin_port':0}                 | settings.origin_port       | expected a whole number from 1 to 65535
            {'origin_port':65536}             | settings.origin_port       | expected a whole number from 1 to 65535
            {'origin_port':80.5}              | settings.origin_port       | expected a whole number from 1 to 65535
            {'origin_port':1e999}             | settings.origin_port       | expected a whole number from 1 to 65535
            {'origin_port':'80'}              | settings.origin_port       | expected a whole number from 1 to 65535
            {'origin_scheme':'ftp'}           | settings.origin_scheme     | expected one of http, https, h2c
            {'origin_scheme':5}               | settings.origin_scheme     | expected one of http, https, h2c
            {'origin_host':'a b'}             | settings.origin_host       | expected a host name or IP address
            {'origin_host':'a\\r\\nX-Y: z'}   | settings.origin_host       | expected a host name or IP address
            {'origin_host':'a:99999'}         | settings.origin_host       | expected a host name or IP address
            {'origin_host':'2001:db8::1'}     | settings.origin_host       | expected a host name or IP address
            {'origin_host':true}              | settings.origin_host       | expected a host name or IP address
            {'origin_sni':'192.0.2.1'}        | settings.origin_sni        | expected a host name
            {'origin_sni':'*.example.com'}    | settings.origin_sni        | expected a host name
            {'origin_tls_verify':'off'}       | settings.origin_tls_verify | expected true or false
            {'origin_ca':'nonsense'}          | settings.origin_ca         | expected certificates in PEM form
            {'origin_ca':'-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----'} | settings.origin_ca | one of its certificates cannot be read
            {'origin_proxy_protocol':'v1'}    | settings.origin_proxy_protocol | expected off or v2
            {'origin_proxy_protocol':true}    | settings.origin_proxy_protocol | expected off or v2
            {'origin_weight':1001}            | settings.origin_weight     | expected a whole number from 0 to 1000
            {'origin_weight':-1}              | settings.origin_weight     | expected a whole number from 0 to 1000
            {'origin_weight':'1'}             | settings.origin_weight     | expected a whole number from 0 to 1000
            {'origin_balance':'random'}       | settings.origin_balance    | expected one of round_robin, least_outstanding, address_hash
            {'origin_balance':'cookie_hash:'} | settings.origin_balance    | expected one of round_robin, least_outstanding, address_hash
            {'origin_balance':'cookie_hash:a=b'} | settings.origin_balance | expected one of round_robin, least_outstanding, address_hash
            {'origin_fallback':'192.0.2.9'}   | settings.origin_fallback   | expected an origin
            {'origin_fallback':{'path':'/','origin':'192.0.2.9'}} | settings.origin_fallback.path | no such field
            {'origin_fallback':{'origin':'198.51.100.1'}} | settings.origin_fallback.origin | this is an address of the edge itself
            {'health_check':'http'}           | settings.health_check      | expected an object with type
            {'health_check':{}}               | settings.health_check.type | expected one of http, https, h2c, tcp, none
            {'health_check':{'type':'icmp'}}  | settings.health_check.type | expected one of http, https, h2c, tcp, none
            {'health_check':{'type':'http','pat':'/'}}            | settings.health_check.pat  | no such field
            {'health_check':{'type':'tcp','path':'/'}}            | settings.health_check.path | a check of type tcp has no such field
            {'health_check':{'type':'none','interval':5}}         | settings.health_check.interval | a check of type none has no such field
            {'health_check':{'type':'http','path':'up'}}          | settings.health_check.path | expected a path like /health
            {'health_check':{'type':'http','path':'/a\\r\\nb'}}   | settings.health_check.path | expected a path like /health
            {'health_check':{'type':'http','path':'/a#b'}}        | settings.health_check.path | expected a path like /health
            {'health_check':{'type':'http','method':'POST'}}      | settings.health_check.method | expected GET or HEAD
            {'health_check':{'type':'http','host':'a b'}}         | settings.health_check.host | expected a host name
            {'health_check':{'type':'http','expected_codes':'6xx'}}     | settings.health_check.expected_codes | expected statuses and ranges
            {'health_check':{'type':'http','expected_codes':'300-200'}} | settings.health_check.expected_codes | expected statuses and ranges
            {'health_check':{'type':'http','interval':0}}         | settings.health_check.interval | expected a whole number from 1 to 3600
            {'health_check':{'type':'http','timeout':61}}         | settings.health_check.timeout | expected a whole number from 1 to 60
            {'health_check':{'type':'http','retries':6}}          | settings.health_check.retries | expected a whole number from 0 to 5
            {'routes':{}}                     | settings.routes            | expected a list of routes
            {'routes':[7]}                    | settings.routes.0          | expected a route
            {'routes':[{'path':'api','origin':'192.0.2.1'}]}      | settings.routes.0.path   | expected a path like /api
            {'routes':[{'path':'/a?b','origin':'192.0.2.1'}]}     | settings.routes.0.path   | expected a path like /api
            {'routes':[{'path':'/a/../b','origin':'192.0.2.1'}]}  | settings.routes.0.path   | expected a path like /api
            {'routes':[{'path':'/a/%2e%2E','origin':'192.0.2.1'}]} | settings.routes.0.path  | expected a path like /api
            {'routes':[{'path':'/a//b','origin':'192.0.2.1'}]}    | settings.routes.0.path   | expected a path like /api
            {'routes':[{'path':'/a','origin':'192.0.2.1:80'}]}    | settings.routes.0.origin | port and scheme have fields of their own
            {'routes':[{'path':'/a'}]}                            | settings.routes.0.origin | expected an IP address or a host name
            {'routes':[{'path':'/a','origin':true}]}              | settings.routes.0.origin | expected an IP address or a host name
            {'routes':[{'path':'/a','origin':'198.51.100.1'}]}    | settings.routes.0.origin | this is an address of the edge itself
            {'routes':[{'path':'/a','origin':'0.0.0.0'}]}         | settings.routes.0.origin | the unspecified address is no destination
            {'routes':[{'path':'/a','origin':'224.0.0.1'}]}       | settings.routes.0.origin | a multicast or broadcast address is no destination
            {'routes':[{'path':'/a','origin':'192.0.2.1','prot':1}]} | settings.routes.0.prot | no such field
            {'routes':[{'path':'/a','origin':'192.0.2.1','port':0}]} | settings.routes.0.port | expected a whole number
            {'routes':[{'path':'/a','origin':'192.0.2.1'},{'path':'/a/','origin':'192.0.2.2'}]} | settings.routes.1.path | another route has this path
            """)
    void what_makes_no_sense_is_refused_with_its_place_and_the_rule(String json, String field, String rule) {
        assertThat(errors(json)).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.rule()).contains(rule);
        });
    }

    @Test
    void certificates_are_kept_without_what_stands_around_them_and_private_keys_are_not_even_shown()
            throws IOException {
        String pem = authority();
        String spelled = "subject=Origin CA\r\n" + pem.replace("\n", "\r\n") + "junk\n" + pem;
        OriginDraft draft =
                new OriginDraft(Map.of(OriginKey.CA, com.fasterxml.jackson.databind.node.TextNode.valueOf(spelled)));
        List<FieldError> errors = new ArrayList<>();
        assertThat(PARSER.over(OriginSettings.NONE, draft, errors).ca()).contains(pem + pem);
        assertThat(errors).isEmpty();

        assertThat(errors("{'origin_ca':'-----BEGIN EC PRIVATE KEY-----\\nsecret'}"))
                .singleElement()
                .satisfies(error -> assertThat(error.sentence()).doesNotContain("secret"));
        assertThat(errors("{'origin_ca':'" + "a".repeat(CertificateForm.CHARS_MAX + 1) + "'}"))
                .singleElement()
                .satisfies(error -> assertThat(error.rule()).contains("at most 16384"));
    }

    @Test
    void every_mistake_is_told_at_once_and_there_are_not_too_many_routes() {
        assertThat(errors("{'origin_port':0,'origin_scheme':'x','routes':[{'path':'a','origin':''}]}"))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder(
                        "settings.origin_port",
                        "settings.origin_scheme",
                        "settings.routes.0.path",
                        "settings.routes.0.origin");
        String many = "{'path':'/','origin':'192.0.2.1'},".repeat(OriginParser.ROUTES_MAX);
        assertThat(errors("{'routes':[" + many + "{}]}"))
                .singleElement()
                .satisfies(error -> assertThat(error.rule()).isEqualTo("at most 50 routes"));
    }

    @Test
    void what_a_draft_does_not_name_stays_and_null_takes_away() {
        OriginSettings held = said(OriginSettings.NONE, "{'origin_port':8080,'origin_scheme':'http'}");
        assertThat(said(held, "{}")).isEqualTo(held);
        assertThat(said(held, "{'origin_port':null,'origin_sni':null}")).hasToString("{SCHEME=\"http\"}");
        assertThat(said(held, "{'origin_port':3000}")).hasToString("{PORT=3000, SCHEME=\"http\"}");
        assertThat(said(held, "{'origin_port':null,'origin_scheme':null}")).isSameAs(OriginSettings.NONE);
    }

    @Test
    void what_was_said_is_read_again_as_typed_values() {
        OriginSettings said = said(OriginSettings.NONE, """
                {'origin_port':8443,'origin_scheme':'https','origin_host':'app','origin_sni':'app.internal',
                 'origin_tls_verify':false,'routes':[{'path':'/api','origin':'192.0.2.20','port':8080,'scheme':'h2c'}]}""");
        OriginSettings again = OriginSettings.of(said.json());
        assertThat(again).isEqualTo(said);
        assertThat(again.port()).hasValue(8443);
        assertThat(again.scheme()).contains(OriginScheme.HTTPS);
        assertThat(again.host()).contains("app");
        assertThat(again.sni()).contains("app.internal");
        assertThat(again.tlsVerify()).contains(false);
        OriginSettings several = OriginSettings.of(said(
                        OriginSettings.NONE,
                        "{'origin_weight':3,'origin_balance':'cookie_hash:sid','origin_fallback':{'origin':'192.0.2.9','port':8080}}")
                .json());
        assertThat(several.weight()).hasValue(3);
        assertThat(several.balance()).contains(new OriginBalance(OriginBalance.Method.COOKIE_HASH, "sid"));
        assertThat(several.fallback())
                .contains(new OriginRoute("/", "192.0.2.9", OptionalInt.of(8080), Optional.empty()));
        HealthCheck check = OriginSettings.of(
                        said(OriginSettings.NONE, "{'health_check':{'type':'http','expected_codes':'200-299,404'}}")
                                .json())
                .healthCheck()
                .orElseThrow();
        assertThat(check.type()).isEqualTo(HealthCheck.Type.HTTP);
        assertThat(check.method() + check.path()).isEqualTo("GET/");
        assertThat(List.of(
                        check.codes().contains(200),
                        check.codes().contains(404),
                        check.codes().contains(300)))
                .containsExactly(true, true, false);
        assertThat(OriginSettings.of(said(OriginSettings.NONE, "{'health_check':{'type':'none'}}")
                                .json())
                        .healthCheck())
                .isEmpty();
        assertThat(again.routes())
                .containsExactly(
                        new OriginRoute("/api", "192.0.2.20", OptionalInt.of(8080), Optional.of(OriginScheme.H2C)));
    }
}
